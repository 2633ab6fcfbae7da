// The tables and functions of `@convex-dev/auth`.
import {
  actionGeneric,
  defineTable,
  internalMutationGeneric,
  queryGeneric,
} from "convex/server";
import { v } from "convex/values";

const text = v.optional(v.string());
const time = v.optional(v.number());

export const authTables = {
  users: defineTable({
    name: text,
    image: text,
    email: text,
    emailVerificationTime: time,
    phone: text,
    phoneVerificationTime: time,
    isAnonymous: v.optional(v.boolean()),
  })
    .index("email", ["email"])
    .index("phone", ["phone"]),
  authSessions: defineTable({
    userId: v.id("users"),
    expirationTime: v.number(),
  }).index("userId", ["userId"]),
  authAccounts: defineTable({
    userId: v.id("users"),
    provider: v.string(),
    providerAccountId: v.string(),
    secret: text,
    emailVerified: text,
    phoneVerified: text,
  })
    .index("userIdAndProvider", ["userId", "provider"])
    .index("providerAndAccountId", ["provider", "providerAccountId"]),
  authRefreshTokens: defineTable({
    sessionId: v.id("authSessions"),
    expirationTime: v.number(),
    firstUsedTime: time,
    parentRefreshTokenId: v.optional(v.id("authRefreshTokens")),
  })
    .index("sessionId", ["sessionId"])
    .index("sessionIdAndParentRefreshTokenId", ["sessionId", "parentRefreshTokenId"]),
  authVerificationCodes: defineTable({
    accountId: v.id("authAccounts"),
    provider: v.string(),
    code: v.string(),
    expirationTime: v.number(),
    verifier: text,
    emailVerified: text,
    phoneVerified: text,
  })
    .index("accountId", ["accountId"])
    .index("code", ["code"]),
  authVerifiers: defineTable({
    sessionId: v.optional(v.id("authSessions")),
    signature: text,
  }).index("signature", ["signature"]),
  authRateLimits: defineTable({
    identifier: v.string(),
    lastAttemptTime: v.number(),
    attemptsLeft: v.number(),
  }).index("identifier", ["identifier"]),
};

const request = (type, fields) => v.object({ type: v.literal(type), ...fields });

const account = { id: v.string(), secret: text };

const storeArgs = {
  args: v.union(
    request("signIn", {
      userId: v.id("users"),
      sessionId: v.optional(v.id("authSessions")),
      generateTokens: v.boolean(),
    }),
    request("signOut", {}),
    request("refreshSession", { refreshToken: v.string() }),
    request("verifyCodeAndSignIn", {
      params: v.any(),
      provider: text,
      verifier: text,
      generateTokens: v.boolean(),
      allowExtraProviders: v.boolean(),
    }),
    request("verifier", {}),
    request("verifierSignature", { verifier: v.string(), signature: v.string() }),
    request("userOAuth", {
      provider: v.string(),
      providerAccountId: v.string(),
      profile: v.any(),
      signature: v.string(),
    }),
    request("createVerificationCode", {
      accountId: v.optional(v.id("authAccounts")),
      provider: v.string(),
      email: text,
      phone: text,
      code: v.string(),
      expirationTime: v.number(),
      allowExtraProviders: v.boolean(),
    }),
    request("createAccountFromCredentials", {
      provider: v.string(),
      account: v.object(account),
      profile: v.any(),
      shouldLinkViaEmail: v.optional(v.boolean()),
      shouldLinkViaPhone: v.optional(v.boolean()),
    }),
    request("retrieveAccountWithCredentials", {
      provider: v.string(),
      account: v.object(account),
    }),
    request("modifyAccount", {
      provider: v.string(),
      account: v.object({ ...account, secret: v.string() }),
    }),
    request("invalidateSessions", {
      userId: v.id("users"),
      except: v.optional(v.array(v.id("authSessions"))),
    }),
  ),
};

export function convexAuth(configuration) {
  return {
    auth: {},
    signIn: actionGeneric({
      args: {
        provider: text,
        params: v.optional(v.any()),
        verifier: text,
        refreshToken: text,
        calledBy: text,
      },
    }),
    signOut: actionGeneric({ args: {} }),
    store: internalMutationGeneric({ args: storeArgs }),
    isAuthenticated: queryGeneric({ args: {} }),
  };
}
