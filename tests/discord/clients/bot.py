"""A small bot on discord.py; only its base URL is not Discord's."""

import io
import logging
import os
import sys

# It takes Zstandard where it finds it.
if sys.argv[1] == "zlib-stream":
    sys.modules.update({"zstandard": None, "compression.zstd": None})

import discord
import yarl
from discord import app_commands

url = os.environ["DISCORD_URL"]
discord.http.Route.BASE = f"{url}/api/v10"
# Where it goes when its session is over; it must never go to Discord itself.
gateway = yarl.URL(url.replace("http", "ws", 1))
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway

intents = discord.Intents.none()
intents.guilds = True
intents.messages = True
intents.reactions = True
intents.message_content = True

assert discord.utils._ActiveDecompressionContext.COMPRESSION_TYPE == sys.argv[1]

# It asks where the gateway is; the client for one shard alone knows that already.
client = discord.AutoShardedClient(intents=intents, max_messages=None)
tree = app_commands.CommandTree(client)


def channel(name):
    return discord.utils.get(client.get_all_channels(), name=name)


class Form(discord.ui.Modal, title="New draft"):
    text = discord.ui.TextInput(
        label="Text", style=discord.TextStyle.paragraph, max_length=40
    )

    def __init__(self, network):
        super().__init__()
        self.network = network

    async def on_submit(self, interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await card(self.network, self.text.value)
        await interaction.edit_original_response(content="It is in the channel.")


class Buttons(discord.ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(
        label="Approve", custom_id="approve", style=discord.ButtonStyle.success
    )
    async def approve(self, interaction, _):
        embed = interaction.message.embeds[0]
        embed.color = 0x23A55A
        embed.set_footer(text=f"Signed by {interaction.user.name}")
        await interaction.response.edit_message(embed=embed, view=None)
        await interaction.followup.send("Thank you.", ephemeral=True)


class Opening(discord.ui.View):
    @discord.ui.button(label="Open", custom_id="open")
    async def open(self, interaction, _):
        await interaction.response.defer()
        text = f"Hello, {interaction.user.name}."
        await interaction.edit_original_response(content=text, view=None)


async def card(network, text):
    embed = discord.Embed(title=f"For {network}", description=text, color=0xF0B232)
    sent = await channel("approvals").send(
        embed=embed,
        view=Buttons(),
        nonce="card-1",
        allowed_mentions=discord.AllowedMentions.none(),
    )
    await sent.add_reaction("✅")
    thread = await sent.create_thread(name="talk")
    await thread.send("What do you think?")


@tree.command(description="Writes a draft.")
@app_commands.describe(network="Where it goes.")
async def draft(interaction: discord.Interaction, network: str):
    await interaction.response.send_modal(Form(network))


@draft.autocomplete("network")
async def networks(_, typed: str):
    names = [n for n in ("mastodon", "bluesky", "medium") if n.startswith(typed)]
    return [app_commands.Choice(name=name, value=name) for name in names]


@tree.command(name="help", description="Says what there is.")
async def help_(interaction: discord.Interaction):
    await interaction.response.send_message("Write /draft.", ephemeral=True)


@tree.context_menu(name="Turn into draft")
async def turn(interaction: discord.Interaction, message: discord.Message):
    await interaction.response.send_message(f"Draft: {message.content}", ephemeral=True)


async def first_ready():
    await client.wait_until_ready()
    guild = client.guilds[0]
    tree.copy_global_to(guild=guild)
    await tree.sync(guild=guild)
    await channel("digest").send("Ready.")


@client.event
async def on_message(message):
    if message.author.bot:
        return
    if message.guild is None:
        await message.reply("Here?", view=Opening())
        return
    if message.channel.name != "ideas":
        return
    if message.attachments:
        data = await message.attachments[0].read()
        file = discord.File(io.BytesIO(data), "again.png", description="A picture")
        await message.reply(f"{len(data)} bytes again.", file=file)
        return
    await message.add_reaction("👀")
    count = len([one async for one in message.channel.history(limit=100)])
    await message.reply(f"{count} in the channel")


@client.event
async def on_raw_message_edit(payload):
    message = payload.message
    if not message.author.bot and message.edited_at:
        await message.reply(f"Now it says: {message.content}")


@client.event
async def on_raw_message_delete(_):
    gone = await channel("ideas").send("One is gon.")
    await gone.edit(content="One is gone.")


@client.event
async def on_raw_reaction_add(payload):
    if payload.user_id == client.user.id:
        return
    message = await client.get_channel(payload.channel_id).fetch_message(payload.message_id)
    reaction = discord.utils.get(message.reactions, emoji=payload.emoji.name)
    users = [user async for user in reaction.users()]
    await channel("digest").send(
        f"{payload.member.name}: {payload.emoji.name} {len(users)}"
    )


@client.event
async def on_raw_reaction_remove(payload):
    await channel("digest").send(f"{payload.emoji.name} is gone.")


@client.event
async def setup_hook():
    client.loop.create_task(first_ready())


client.run(os.environ["BOT_TOKEN"], log_level=logging.WARNING)
