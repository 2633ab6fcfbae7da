CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE user_account (
	id INTEGER NOT NULL,
	name VARCHAR(30) NOT NULL,
	fullname VARCHAR,
	role VARCHAR(6) NOT NULL,
	enabled BOOLEAN DEFAULT '1' NOT NULL,
	created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
	CONSTRAINT pk_user_account PRIMARY KEY (id),
	CONSTRAINT uq_user_account_name UNIQUE (name),
	CONSTRAINT ck_user_account_role CHECK (role IN ('ADMIN', 'MEMBER')),
	CONSTRAINT ck_user_account_enabled CHECK (enabled IN (0, 1))
);
CREATE TABLE address (
	id INTEGER NOT NULL,
	email_address VARCHAR NOT NULL,
	user_id INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_address_user_id ON address (user_id);
CREATE INDEX ix_address_email_user ON address (email_address, user_id);
INSERT INTO alembic_version VALUES ('ae1027a6acf');
INSERT INTO user_account VALUES (1, 'sandy', NULL, 'ADMIN', 1, '2026-01-01 10:00:00');
INSERT INTO address VALUES (1, 'sandy@example.com', 1);
