import type { TargetOutcome } from '#db/agent-tables.ts'
import type { Language } from '#oauth/pages/language.ts'

/** What the pages behind links say, written in each language on its own. */

export interface Words {
  readonly signIn: { readonly title: string; readonly lede: string; readonly later: string }
  readonly signedInAs: string
  readonly other: string
  readonly unknown: { readonly title: string; readonly text: string }
  readonly noProvider: { readonly title: string; readonly text: string }
  readonly connect: {
    readonly title: (provider: string) => string
    readonly lede: (provider: string) => string
    readonly how: string
    readonly submit: string
    readonly checked: string
    readonly more: string
    readonly programs: string
    readonly own: string
    readonly again: string
    readonly connected: (label: string) => string
    readonly back: string
    /** Leads to the console. */
    readonly mine: string
    readonly faults: Readonly<Record<string, (provider: string) => string>>
    readonly failed: string
  }
  readonly approval: {
    readonly title: string
    readonly asks: string
    readonly askers: Readonly<Record<string, (id: string) => string>>
    readonly agent: string
    readonly call: string
    readonly target: string
    /** In place of a title that there is none of, by what came of reading it. */
    readonly unread: Readonly<Record<TargetOutcome, string>>
    readonly now: string
    readonly nothing: string
    readonly connection: string
    readonly arguments: string
    readonly waits: (minutes: number) => string
    readonly approve: string
    readonly deny: string
    readonly once: string
    readonly states: Readonly<Record<string, { readonly title: string; readonly text: string }>>
    readonly missed: string
  }
  readonly clients: {
    readonly title: string
    readonly lede: string
    readonly empty: string
    readonly may: string
    readonly connections: string
    readonly all: string
    readonly none: string
    readonly since: string
    readonly lastUsed: string
    readonly never: string
    readonly until: string
    readonly end: (client: string) => string
    readonly ended: (client: string) => string
    readonly stopped: string
    readonly missing: string
  }
}

const EN: Words = {
  signIn: {
    title: 'Sign in to go on',
    lede: 'You will then come back to this page.',
    later: 'Use the same account as in your client.',
  },
  signedInAs: 'Signed in as',
  other: 'Not you? Use another account',
  unknown: {
    title: 'There is nothing here for this account',
    text: 'Perhaps the link was cut short, or it is for an account other than the one that is signed in.',
  },
  noProvider: {
    title: 'There is no such provider here',
    text: 'Perhaps the link was cut short. Nothing was connected.',
  },
  connect: {
    title: (provider) => `Connect ${provider}`,
    lede: (provider) =>
      `You, and the clients and agents that you let in, will be able to use your ${provider} account.`,
    how: 'How to get the key',
    submit: 'Connect',
    checked: 'The key is tested before it is stored, and stored encrypted. No client ever sees it.',
    more: 'More about keys',
    programs: 'For programs',
    own: 'You have connected',
    again: 'needs to be connected again',
    connected: (label) => `${label} is connected`,
    back: 'You can go back to your client now, and ask it again.',
    mine: 'See your connections',
    faults: {
      credential_rejected: (provider) => `${provider} refused this key. Copy all of it again.`,
      rate_limited: () => 'Too many attempts. Wait a minute, then try again.',
      provider_unavailable: (provider) => `${provider} does not answer. Try again in a minute.`,
      invalid_request: () => 'This cannot be a key. Copy all of it again.',
    },
    failed: 'Nothing was connected',
  },
  approval: {
    title: 'Allow this call?',
    asks: 'Asked for by',
    askers: {
      oauth_client: (id) => `a client that you let in (no. ${id})`,
      api_token: (id) => `a program with your API token no. ${id}`,
      session: () => 'a program with a session of yours',
      external_jwt: () => 'the product that you are signed in to',
    },
    agent: 'an agent of yours',
    call: 'What it would do',
    target: 'What it is about',
    unread: {
      read: 'It has no title. Look at the id below before you decide.',
      no_such_target: 'Nothing with this id was found on this connection. The call would probably fail.',
      not_read: 'Its title could not be read. Look at the id below before you decide.',
      not_in_time: 'Its title could not be read in time. Look at the id below before you decide.',
    },
    now: 'What is there now:',
    nothing: 'nothing',
    connection: 'With your connection',
    arguments: 'With exactly these arguments',
    waits: (minutes) => `Waits for ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}.`,
    approve: 'Approve',
    deny: 'Deny',
    once: 'It holds for this one call. Anything else is asked about again.',
    states: {
      approved: {
        title: 'Approved',
        text: 'You can go back to your client now. The call is made when the client sends it again.',
      },
      denied: { title: 'Denied', text: 'Nothing was done. You can go back to your client now.' },
      used: { title: 'Approved and used', text: 'The one call that this approval was for has been made.' },
      expired: { title: 'Too late', text: 'Nothing was done. Go back to your client and ask for it again.' },
    },
    missed: 'It has been decided or has expired in the meantime.',
  },
  clients: {
    title: 'Your clients',
    lede: 'They may use your tools, because you let them in. End the access of those that you do not use or do not know.',
    empty: 'You have let no client in. One is listed here as soon as you have signed in from it and allowed it.',
    may: 'May',
    connections: 'With',
    all: 'all your connections, also those that you add later',
    none: 'no connection any more: you have disconnected those that it had',
    since: 'Since',
    lastUsed: 'Last used',
    never: 'not yet',
    until: 'Until',
    end: (client) => `End the access of ${client}`,
    ended: (client) => `${client} has no access any more`,
    stopped: 'It stopped at once. To let it in again, connect from the client.',
    missing: 'There is no such client in your list. Perhaps its access has ended already.',
  },
}

const PT: Words = {
  signIn: {
    title: 'Entre para continuar',
    lede: 'Depois você volta para esta página.',
    later: 'Use a mesma conta que no seu cliente.',
  },
  signedInAs: 'Você entrou como',
  other: 'Não é você? Use outra conta',
  unknown: {
    title: 'Não há nada aqui para esta conta',
    text: 'Talvez o link tenha sido cortado, ou seja de outra conta, diferente da que você está usando.',
  },
  noProvider: {
    title: 'Este provedor não existe aqui',
    text: 'Talvez o link tenha sido cortado. Nada foi conectado.',
  },
  connect: {
    title: (provider) => `Conectar o ${provider}`,
    lede: (provider) => `Você e os clientes e agentes que você autorizar poderão usar a sua conta do ${provider}.`,
    how: 'Como obter a chave',
    submit: 'Conectar',
    checked: 'A chave é testada antes de ser guardada e fica criptografada. Nenhum cliente tem acesso a ela.',
    more: 'Mais sobre chaves',
    programs: 'Para programas',
    own: 'Você já conectou',
    again: 'precisa ser conectada de novo',
    connected: (label) => `Conexão pronta: ${label}`,
    back: 'Você já pode voltar ao seu cliente e pedir de novo.',
    mine: 'Ver as suas conexões',
    faults: {
      credential_rejected: (provider) => `O ${provider} recusou esta chave. Copie a chave inteira de novo.`,
      rate_limited: () => 'Tentativas demais. Espere um minuto e tente de novo.',
      provider_unavailable: (provider) => `O ${provider} não responde. Tente de novo em um minuto.`,
      invalid_request: () => 'Isto não parece ser uma chave. Copie a chave inteira de novo.',
    },
    failed: 'Nada foi conectado',
  },
  approval: {
    title: 'Permitir esta chamada?',
    asks: 'Quem pede',
    askers: {
      oauth_client: (id) => `um cliente que você autorizou (n.º ${id})`,
      api_token: (id) => `um programa com o seu token de API n.º ${id}`,
      session: () => 'um programa com uma sessão sua',
      external_jwt: () => 'o produto em que você entrou',
    },
    agent: 'um agente seu',
    call: 'O que seria feito',
    target: 'Do que se trata',
    unread: {
      read: 'Não tem título. Confira o identificador abaixo antes de decidir.',
      no_such_target: 'Nada com este identificador foi encontrado nesta conexão. A chamada provavelmente falharia.',
      not_read: 'Não deu para ler o título. Confira o identificador abaixo antes de decidir.',
      not_in_time: 'Não deu para ler o título a tempo. Confira o identificador abaixo antes de decidir.',
    },
    now: 'O que está lá agora:',
    nothing: 'nada',
    connection: 'Com a sua conexão',
    arguments: 'Exatamente com estes argumentos',
    waits: (minutes) => `Aguarda a sua resposta por mais ${minutes} ${minutes === 1 ? 'minuto' : 'minutos'}.`,
    approve: 'Aprovar',
    deny: 'Negar',
    once: 'Vale só para esta chamada. Qualquer outra vai pedir a sua aprovação de novo.',
    states: {
      approved: {
        title: 'Aprovada',
        text: 'Você já pode voltar ao seu cliente. A chamada será feita quando ele a enviar de novo.',
      },
      denied: { title: 'Negada', text: 'Nada foi feito. Você já pode voltar ao seu cliente.' },
      used: { title: 'Aprovada e usada', text: 'A chamada para a qual esta aprovação valia já foi feita.' },
      expired: { title: 'Tarde demais', text: 'Nada foi feito. Volte ao seu cliente e peça de novo.' },
    },
    missed: 'A chamada já foi decidida, ou o prazo acabou.',
  },
  clients: {
    title: 'Seus clientes',
    lede: 'Eles podem usar as suas ferramentas porque você autorizou. Encerre o acesso dos que você não usa ou não conhece.',
    empty: 'Você não autorizou nenhum cliente. Ele aparece aqui assim que você entra por ele e permite o acesso.',
    may: 'Pode',
    connections: 'Com',
    all: 'todas as suas conexões, também as que você adicionar depois',
    none: 'nenhuma conexão: você desconectou as que ele tinha',
    since: 'Desde',
    lastUsed: 'Último uso',
    never: 'ainda não usou',
    until: 'Até',
    end: (client) => `Encerrar o acesso de ${client}`,
    ended: (client) => `${client} não tem mais acesso`,
    stopped: 'O acesso acabou na hora. Para autorizar de novo, conecte a partir do cliente.',
    missing: 'Não há esse cliente na sua lista. Talvez o acesso dele já tenha sido encerrado.',
  },
}

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, pt: PT }
