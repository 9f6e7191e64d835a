// A small bot on discord.js; only its base URL is not Discord's.

import {
  ActionRowBuilder,
  ApplicationCommandType,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits as Intent,
  MessageFlags,
  ModalBuilder,
  Partials,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';

const { DISCORD_URL, BOT_TOKEN } = process.env;

const client = new Client({
  intents: [
    Intent.Guilds,
    Intent.GuildMessages,
    Intent.GuildMessageReactions,
    Intent.MessageContent,
    Intent.DirectMessages,
  ],
  partials: [Partials.Channel, Partials.Message, Partials.Reaction],
  rest: { api: `${DISCORD_URL}/api` },
});

const only = { flags: MessageFlags.Ephemeral };
const channel = (name) => client.channels.cache.find((known) => known.name === name);

const commands = [
  new SlashCommandBuilder()
    .setName('draft')
    .setDescription('Writes a draft.')
    .addStringOption((option) =>
      option
        .setName('network')
        .setDescription('Where it goes.')
        .setRequired(true)
        .setAutocomplete(true),
    ),
  new SlashCommandBuilder().setName('help').setDescription('Says what there is.'),
  { type: ApplicationCommandType.Message, name: 'Turn into draft' },
];

client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands, client.guilds.cache.first().id);
  await channel('digest').send('Ready.');
});

const form = (network) =>
  new ModalBuilder()
    .setCustomId(`draft:${network}`)
    .setTitle('New draft')
    .addComponents(
      new ActionRowBuilder().addComponents(
        new TextInputBuilder()
          .setCustomId('text')
          .setLabel('Text')
          .setStyle(TextInputStyle.Paragraph)
          .setMaxLength(40),
      ),
    );

const card = async (network, text) => {
  const approve = new ButtonBuilder()
    .setCustomId('approve')
    .setLabel('Approve')
    .setStyle(ButtonStyle.Success);
  const sent = await channel('approvals').send({
    embeds: [new EmbedBuilder().setTitle(`For ${network}`).setDescription(text).setColor(0xf0b232)],
    components: [new ActionRowBuilder().addComponents(approve)],
    nonce: 'card-1',
    enforceNonce: true,
    allowedMentions: { parse: [] },
  });
  await sent.react('✅');
  const thread = await sent.startThread({ name: 'talk' });
  await thread.send('What do you think?');
};

const used = async (interaction) => {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    const networks = ['mastodon', 'bluesky', 'medium'].filter((name) => name.startsWith(typed));
    await interaction.respond(networks.map((name) => ({ name, value: name })));
  } else if (interaction.isMessageContextMenuCommand()) {
    await interaction.reply({ content: `Draft: ${interaction.targetMessage.content}`, ...only });
  } else if (interaction.isModalSubmit()) {
    await interaction.deferReply(only);
    const network = interaction.customId.split(':')[1];
    await card(network, interaction.fields.getTextInputValue('text'));
    await interaction.editReply('It is in the channel.');
  } else if (interaction.isButton() && interaction.customId === 'open') {
    await interaction.deferUpdate();
    const content = `Hello, ${interaction.user.username}.`;
    await interaction.editReply({ content, components: [] });
  } else if (interaction.isButton()) {
    const embed = EmbedBuilder.from(interaction.message.embeds[0]);
    embed.setColor(0x23a55a).setFooter({ text: `Signed by ${interaction.user.username}` });
    await interaction.update({ embeds: [embed], components: [] });
    await interaction.followUp({ content: 'Thank you.', ...only });
  } else if (interaction.commandName === 'draft') {
    await interaction.showModal(form(interaction.options.getString('network')));
  } else {
    await interaction.reply({ content: 'Write /draft.', ...only });
  }
};
client.on(Events.InteractionCreate, used);

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  if (message.channel.isDMBased()) {
    const open = new ButtonBuilder()
      .setCustomId('open')
      .setLabel('Open')
      .setStyle(ButtonStyle.Primary);
    const row = new ActionRowBuilder().addComponents(open);
    await message.reply({ content: 'Here?', components: [row] });
    return;
  }
  if (message.channel.name !== 'ideas') return;
  if (message.attachments.size > 0) {
    const shared = message.attachments.first();
    const answer = await fetch(shared.url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const file = new AttachmentBuilder(bytes, { name: 'again.png', description: 'A picture' });
    await message.reply({ content: `${bytes.length} bytes again.`, files: [file] });
    return;
  }
  await message.react('👀');
  const page = await message.channel.messages.fetch({ limit: 100 });
  await message.reply(`${page.size} in the channel`);
});

client.on(Events.MessageUpdate, async (_, message) => {
  if (message.author.bot || !message.editedTimestamp) return;
  await message.reply(`Now it says: ${message.content}`);
});

client.on(Events.MessageDelete, async () => {
  const gone = await channel('ideas').send('One is gon.');
  await gone.edit('One is gone.');
});

client.on(Events.MessageReactionAdd, async (reaction, user) => {
  if (user.id === client.user.id) return;
  const users = await reaction.users.fetch();
  await channel('digest').send(`${user.username}: ${reaction.emoji.name} ${users.size}`);
});

client.on(Events.MessageReactionRemove, async (reaction) => {
  await channel('digest').send(`${reaction.emoji.name} is gone.`);
});

client.on(Events.Error, (error) => console.error(error));
await client.login(BOT_TOKEN);
