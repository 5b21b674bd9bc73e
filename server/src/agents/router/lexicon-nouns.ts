import type { LocalText } from '#providers/contract.ts'

/** What a request can be about, as workspaces of documents, tables and people have it. */
export type Thing =
  | 'page'
  | 'database'
  | 'row'
  | 'rowset'
  | 'block'
  | 'children'
  | 'content'
  | 'metadata'
  | 'property'
  | 'column'
  | 'schema'
  | 'user'
  | 'people'
  | 'bot'
  | 'secret'
  | 'comment'
  | 'thread'
  | 'trash'
  | 'workspace'
  | 'title'
  | 'contact'
  | 'outside'
  | 'chat'
  | 'unsupported'
  | 'product'

export const NOUNS: Readonly<Record<Thing, LocalText>> = {
  page: {
    en: 'page, subpage, sub-page, child page, doc, document, note, article, wiki page, wiki, notes',
    pt: `
      página, subpágina, sub-página, página filha, doc, documento, nota, artigo, anotação, ata, wiki, página
      wiki`,
  },
  database: {
    en: 'database, db, table, data base, data source, tracker, spreadsheet, sheet',
    pt: 'base, base de dados, banco de dados, banco, tabela, planilha, database, fonte de dados',
  },
  row: {
    en: `
      task, entry, contact, item, record, row, card, ticket, deal, project, bug, story, candidate, customer, client,
      lead, invoice, incident, opportunity, vendor, supplier, order, case, product`,
    pt: `
      tarefa, contato, item, registro, linha, cartão, ficha, chamado, negócio, projeto, pedido, incidente, cliente,
      candidato, oportunidade, fornecedor, fatura, entrada, cadastro, produto, demanda, caso`,
  },
  rowset: {
    en: 'rows, entries, records, ones, items, results',
    pt: 'linhas, registros, itens, entradas, lançamentos, resultados',
  },
  block: {
    en: `
      block, paragraph, heading, header, subheading, bullet, bullet point, list item, to-do, todo, toggle,
      callout, quote, divider, code block, section, checklist, checklist item, bulleted list, numbered list,
      bullet list, to-do item, todo item, sentence, text, line of text, to-do list, check box, checkbox, equation,
      bookmark, list, quote block, table of contents, separator, line`,
    pt: `
      bloco, parágrafo, cabeçalho, subtítulo, tópico, marcador, item de lista, lista, alternância, destaque,
      citação, divisor, separador, seção, checklist, bloco de código, lista numerada, lista de tarefas, frase,
      caixa de seleção, to-do, afazer, bullet, callout, toggle, trecho, equação, sumário, texto`,
  },
  children: {
    en: `
      child, children, sub-block, subblock, child block, nested block, nested, sub-item, subitem, inside,
      within, underneath, blocks, descendant, inner block, contained`,
    pt: `
      filho, filha, sub-bloco, subbloco, bloco filho, aninhado, bloco aninhado, subitem, dentro, blocos,
      contido, bloco interno, abaixo`,
  },
  content: {
    en: 'content, contents, body, full text, text, wording, summary, gist, markdown',
    pt: 'conteúdo, corpo, texto completo, texto, íntegra, resumo, teor, markdown',
  },
  metadata: {
    en: `
      metadata, meta data, author, creator, creation date, last edited, last edit, last modified, last
      updated, last changed, attributes, page details, icon, cover, edit date, details, created, edited,
      created time, creation time`,
    pt: `
      metadado, autor, autora, criador, data de criação, última edição, última alteração, última modificação,
      última atualização, atributos, ícone, capa, detalhes, quem criou, quando foi criada, dados da página,
      ficha técnica`,
  },
  property: {
    en: 'property, attribute, value',
    pt: 'propriedade, atributo, valor',
  },
  column: {
    en: 'column, field, database property, select option, checkbox, property',
    pt: 'coluna, campo, propriedade, caixa de seleção',
  },
  schema: {
    en: 'schema, structure, columns, fields, layout, definition, data model',
    pt: 'esquema, estrutura, colunas, campos, schema, definição, modelo de dados',
  },
  user: {
    en: `
      user, member, profile, teammate, colleague, coworker, co-worker, guest, person, collaborator, employee`,
    pt: `
      usuário, usuária, utilizador, membro, perfil, colega, convidado, pessoa, integrante, participante, colaborador,
      funcionário`,
  },
  people: {
    en: `
      people, everyone, everybody, team, staff, persons, folks, users, members, teammates, colleagues, guests,
      user list, member list, collaborators, team members, crew`,
    pt: `
      pessoas, todo mundo, equipe, nosso time, meu time, o time, do time, time todo, time inteiro, equipa, pessoal, toda a gente, usuários, usuárias, utilizadores, membros, colegas, convidados,
      integrantes, participantes, colaboradores, lista de usuários, lista de membros, turma`,
  },
  bot: {
    en: `
      bot, integration, connection, connected, bot user, logged in, signed in, linked account, connected
      account, authenticated, credentials, identity, account you, authorized`,
    pt: `
      bot, integração, conexão, conectado, conectada, logado, logada, conta conectada, credenciais,
      autenticado, identidade, autenticada, vinculado, autorizado`,
  },
  secret: {
    en: `
      token, api key, access token, secret, credential, key, password, passphrase, private key, api token,
      access key, encryption key`,
    pt: `
      token, chave de api, chave da api, chave api, segredo, credencial, chave, senha, chave de acesso, token
      de acesso, chave secreta, api key, chave privada, chave de criptografia`,
  },
  comment: {
    en: 'comment, remark, feedback, annotation, page comment, review comment, reply, replies',
    pt: 'comentário, observação, feedback, apontamento, resposta, comentários',
  },
  thread: {
    en: 'thread, discussion, conversation, comment thread',
    pt: 'discussão, conversa, thread, fio, debate',
  },
  trash: {
    en: 'trash, bin, recycle bin, trash bin, rubbish, garbage, wastebasket, trash can',
    pt: 'lixeira, lixo, cesto de lixo',
  },
  workspace: {
    en: 'workspace, work space, company, organisation, organization, teamspace',
    pt: 'workspace, espaço de trabalho, área de trabalho, espaço, empresa, organização, ambiente',
  },
  title: { en: 'title, name', pt: 'título, nome' },
  contact: {
    en: 'e-mail, email, e-mail address, email address, name, full name, role, avatar',
    pt: 'e-mail, email, endereço de e-mail, nome, nome completo, avatar, contato',
  },
  outside: {
    en: `
      email, e-mail, mail, inbox, sms, text message, message, dm, direct message, calendar, event,
      appointment, reminder, alarm, timer,       flight, taxi, issue, pull request, repository, repo, commit, branch, channel, tweet, meeting invite,
      video call, phone call, newsletter, playlist, website, invoice payment, meeting, call, story
      about, script, python, slide deck, presentation, survey`,
    pt: `
      e-mail, email, sms, mensagem, agenda, calendário, evento, compromisso, lembrete, alarme, previsão
      do tempo, voo, táxi, issue, pull request, repositório,
      commit, branch, canal, tuíte, videochamada, ligação, horário, reunião, caixa de entrada, boleto,
      passagem, script, apresentação, chamada, zap`,
  },
  chat: {
    en: `
      weather, forecast, joke, poem, haiku, song, riddle, recipe, news, limerick, bedtime story, essay, music,
      lyrics, horoscope, trivia, pun, world cup, capital`,
    pt: `
      clima, previsão do tempo, tempo lá fora, piada, poema, música, charada, receita, notícia, redação, horóscopo,
      letra, trocadilho, copa, capital`,
  },
  unsupported: {
    en: `
      permission, access, edit access, rights, edit rights, pdf, csv, html, zip, backup, chart, graph, pie chart, diagram, image,
      picture, photo, screenshot, version, version history, history, previous version, public, template,
      automation, notification, webhook, billing, subscription, domain, backlinks, analytics, sharing, share
      link, revision, formula, dashboard, edit history, page history, file, attachment, prompt, system prompt, kanban, kanban view,
      board view, calendar view, gallery view, timeline view, table view, list view`,
    pt: `
      permissão, acesso, pdf, csv, html, zip, backup, gráfico, diagrama, imagem, foto, figura, captura de
      tela, versão, histórico, versão anterior, pública, público, modelo, template, automação, notificação,
      webhook, cobrança, domínio, compartilhamento, revisão, fórmula, painel, cópia, anexo, arquivo, prompt, prompt de sistema, kanban,
      visão, visualização, visão kanban`,
  },
  product: {
    en: `
      on teams, microsoft teams, jira, trello, asana, confluence, gmail, outlook, zoom, google drive, google docs, google calendar,
      google sheets, dropbox, figma, spotify, youtube, linkedin, instagram, facebook, twitter, excel,
      salesforce, hubspot, stripe, airtable, discord, whatsapp, telegram, gitlab, bitbucket, zendesk,
      intercom, clickup, evernote, obsidian, todoist, sharepoint, onedrive, netflix, uber, mailchimp, shopify,
      zapier, quickbooks, sap, aws, chatgpt, wikipedia, tiktok, messenger, powerpoint, google, the internet,
      google meet`,
    pt: 'no teams, pelo teams, google agenda, google planilhas, pipedrive, rd station, mercado livre, ifood, internet, zap',
  },
}
