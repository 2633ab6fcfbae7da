"""What both checkers refuse of deployments, in each line that ends in the mark."""

from chat import ChannelId, api, connect

from codegen.convex import Options

channel = ChannelId("c1")
db = connect("convex+https://name.convex.cloud", options=Options())

connect(options={"token": "jwt"})  # E:
connect(pooled=True)  # E:
Options(tokn="jwt")  # E:
db.run(channel)  # E:
print(db.run(api.messages.list(channel=channel))[0].boddy)  # E:
print(db.together(api.messages.list(channel=channel))[0].body)  # E:
db.items(api.messages.list(channel=channel))  # E:
print(next(db.items(api.messages.page(size=1, cursor=None))).boddy)  # E:
db.subscribe(channel)  # E:
