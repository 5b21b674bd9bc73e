import type { ClientScope } from '#oauth/authorization-server.ts'
import type { AnswersTo } from './shown-client.ts'
import type { Language } from './language.ts'

/** What the pages say, written in each language on its own. */

export interface PageWords {
  readonly signIn: {
    readonly title: string
    readonly lede: (client: string, place: string) => string
    readonly email: string
    readonly password: string
    readonly submit: string
    readonly cancel: string
    readonly create: string
  }
  readonly signUp: {
    readonly title: string
    readonly first: string
    readonly name: string
    readonly passwordHint: (characters: number) => string
    readonly invitation: string
    readonly submit: string
    readonly existing: string
  }
  readonly consent: {
    readonly title: (client: string) => string
    readonly again: string
    readonly lede: string
    readonly answersTo: Readonly<Record<AnswersTo['kind'], string>>
    readonly caution: Readonly<Record<AnswersTo['kind'], string>>
    readonly describedBy: string
    readonly may: string
    readonly connections: string
    readonly all: string
    readonly allHint: string
    readonly some: string
    readonly none: (providers: string) => string
    readonly connect: (provider: string) => string
    readonly inactive: string
    readonly signedInAs: string
    readonly other: string
    readonly allow: string
    readonly deny: string
    readonly later: string
    readonly list: string
    readonly chooseOne: string
  }
  readonly scopes: Readonly<
    Record<ClientScope, { readonly title: string; readonly text: (providers: string) => string }>
  >
  readonly forward: {
    readonly allowed: string
    readonly denied: (client: string) => string
    readonly going: (client: string) => string
    readonly link: string
    readonly close: string
  }
  readonly refusals: Readonly<Record<Refusal, { readonly title: string; readonly text: string }>>
  readonly look: string
  readonly faults: Readonly<Record<Fault, string>>
  readonly wait: (seconds: number) => string
}

/** Why a request to answer a client is not answered. */
export type Refusal = 'gone' | 'stale_form' | 'bad_form' | 'foreign'
/** What is wrong with a form that can be filled in again. */
export type Fault =
  | 'wrong_password'
  | 'suspended'
  | 'too_many'
  | 'email_taken'
  | 'bad_email'
  | 'bad_name'
  | 'bad_password'
  | 'not_invited'
  | 'closed'

const EN: PageWords = {
  signIn: {
    title: 'Sign in to go on',
    lede: (client, place) => `${client} (${place}) asks to use your tools. You decide once you are signed in.`,
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    cancel: 'Cancel and go back',
    create: 'Create an account',
  },
  signUp: {
    title: 'Create an account',
    first: 'This is the first account here: it will own this instance.',
    name: 'Name',
    passwordHint: (characters) => `At least ${characters} characters. A phrase of a few words is easy to remember.`,
    invitation: 'Invitation',
    submit: 'Create the account',
    existing: 'Sign in with an account that you already have',
  },
  consent: {
    title: (client) => `Let ${client} use your tools?`,
    again: 'You let this client in before. It acts in your name; your keys stay here.',
    lede: 'It will act in your name. Your keys stay here: it never sees them.',
    answersTo: {
      web: 'Access goes to',
      this_computer: 'Access goes to a program on this computer',
      app: 'Access goes to an app on this device',
    },
    caution: {
      web: 'The client chose its own name. Go on only if you know this address.',
      this_computer: 'Any program here can use that name. Go on only if you have just started this yourself.',
      app: 'Any app here can use that name. Go on only if you have just started this yourself.',
    },
    describedBy: 'Described by',
    may: 'What it may do',
    connections: 'With which connections',
    all: 'All my connections',
    allHint: 'Also those that you add later.',
    some: 'Only these',
    none: (providers) => `You have not connected anything yet. You can allow this now and connect ${providers} later.`,
    connect: (provider) => `Connect ${provider}`,
    inactive: 'needs to be connected again',
    signedInAs: 'Signed in as',
    other: 'Not you? Use another account',
    allow: 'Allow',
    deny: 'Deny',
    later: 'You can end its access at any time in',
    list: 'your list of clients',
    chooseOne: 'Choose at least one connection, or all of them.',
  },
  scopes: {
    'tools:read': {
      title: 'Read and search',
      text: (providers) => `What your connections can see: ${providers}.`,
    },
    'tools:write': {
      title: 'Create and change',
      text: (providers) =>
        `What your connections can change: ${providers}. What changes or removes something still asks you first, unless you allowed it.`,
    },
  },
  forward: {
    allowed: 'Allowed',
    denied: (client) => `${client} was not given access`,
    going: (client) => `Going back to ${client}.`,
    link: 'Continue here if nothing happens',
    close: 'You can close this page once the client says that it is connected.',
  },
  refusals: {
    gone: {
      title: 'This request cannot be answered here',
      text: 'You have answered this already, or it is older than ten minutes, or was begun in another browser. What you decided holds; nothing else was allowed. If your client is not connected, go back to it and connect again. If somebody sent you this link, do not follow it: they may be after your access.',
    },
    stale_form: {
      title: 'This form is no longer valid',
      text: 'It is too old, or you signed in or out in the meantime. Nothing was allowed. Look at the request again, and at who is signed in.',
    },
    bad_form: {
      title: 'The form arrived incomplete',
      text: 'Nothing was allowed. Open the request again and send it from there.',
    },
    foreign: {
      title: 'This form came from another site',
      text: 'Nothing was allowed. Forms are accepted only from the pages of this server.',
    },
  },
  look: 'Look at the request again',
  faults: {
    wrong_password: 'No account has this e-mail address and password.',
    suspended: 'This account is suspended. Ask the administrator of this instance.',
    too_many: 'Too many attempts.',
    email_taken: 'This e-mail address has an account already. Sign in with it.',
    closed: 'Nobody can make an account here. Ask the administrator of this instance for one.',
    bad_email: 'This is not an e-mail address.',
    bad_name: 'Enter a name of up to 100 characters.',
    bad_password: 'The password needs 8 to 128 characters.',
    not_invited:
      'An account needs an unused invitation for this e-mail address. Ask the administrator of this instance.',
  },
  wait: (seconds) => `Try again in ${waitIn('en', seconds)}.`,
}

const PT: PageWords = {
  signIn: {
    title: 'Entre para continuar',
    lede: (client, place) => `${client} (${place}) pede para usar as suas ferramentas. Você decide depois de entrar.`,
    email: 'E-mail',
    password: 'Senha',
    submit: 'Entrar',
    cancel: 'Cancelar e voltar',
    create: 'Criar uma conta',
  },
  signUp: {
    title: 'Crie uma conta',
    first: 'Esta é a primeira conta criada aqui: ela será a dona desta instância.',
    name: 'Nome',
    passwordHint: (characters) =>
      `Pelo menos ${characters} caracteres. Uma frase de algumas palavras é fácil de lembrar.`,
    invitation: 'Convite',
    submit: 'Criar a conta',
    existing: 'Entrar com uma conta que você já tem',
  },
  consent: {
    title: (client) => `Deixar ${client} usar as suas ferramentas?`,
    again: 'Você já autorizou este cliente antes. Ele age em seu nome; as suas chaves ficam aqui.',
    lede: 'Ele vai agir em seu nome. As suas chaves ficam aqui: ele nunca tem acesso a elas.',
    answersTo: {
      web: 'O acesso vai para',
      this_computer: 'O acesso vai para um programa neste computador',
      app: 'O acesso vai para um aplicativo neste aparelho',
    },
    caution: {
      web: 'O cliente escolheu o próprio nome. Continue só se você conhecer este endereço.',
      this_computer:
        'Qualquer programa neste computador pode usar esse nome. Continue só se foi você quem acabou de iniciar isto.',
      app: 'Qualquer aplicativo neste aparelho pode usar esse nome. Continue só se foi você quem acabou de iniciar isto.',
    },
    describedBy: 'Descrito por',
    may: 'O que ele pode fazer',
    connections: 'Com quais conexões',
    all: 'Todas as minhas conexões',
    allHint: 'Também as que você adicionar depois.',
    some: 'Só estas',
    none: (providers) => `Você ainda não conectou nada. Pode autorizar agora e conectar o ${providers} depois.`,
    connect: (provider) => `Conectar o ${provider}`,
    inactive: 'precisa ser conectada de novo',
    signedInAs: 'Você entrou como',
    other: 'Não é você? Use outra conta',
    allow: 'Permitir',
    deny: 'Negar',
    later: 'Você pode encerrar o acesso a qualquer momento na',
    list: 'sua lista de clientes',
    chooseOne: 'Escolha pelo menos uma conexão, ou todas.',
  },
  scopes: {
    'tools:read': {
      title: 'Ler e buscar',
      text: (providers) => `O que as suas conexões podem ver: ${providers}.`,
    },
    'tools:write': {
      title: 'Criar e alterar',
      text: (providers) =>
        `O que as suas conexões podem alterar: ${providers}. O que altera ou remove algo ainda pede a sua aprovação antes, a não ser que você já tenha liberado.`,
    },
  },
  forward: {
    allowed: 'Permitido',
    denied: (client) => `${client} ficou sem acesso`,
    going: (client) => `Voltando para ${client}.`,
    link: 'Continue por aqui se nada acontecer',
    close: 'Você pode fechar esta página quando o cliente disser que está conectado.',
  },
  refusals: {
    gone: {
      title: 'Este pedido não pode ser respondido aqui',
      text: 'Você já respondeu a ele, ou ele tem mais de dez minutos ou começou em outro navegador. O que você decidiu vale; nada além disso foi autorizado. Se o cliente não estiver conectado, volte a ele e conecte de novo. Se alguém enviou este link para você, não continue: essa pessoa pode estar atrás do seu acesso.',
    },
    stale_form: {
      title: 'Este formulário não vale mais',
      text: 'Ele expirou, ou você entrou ou saiu da conta nesse meio-tempo. Nada foi autorizado. Veja o pedido de novo e confira com qual conta você entrou.',
    },
    bad_form: {
      title: 'O formulário chegou incompleto',
      text: 'Nada foi autorizado. Abra o pedido de novo e envie por lá.',
    },
    foreign: {
      title: 'Este formulário veio de outro site',
      text: 'Nada foi autorizado. Só são aceitos formulários das páginas deste servidor.',
    },
  },
  look: 'Ver o pedido de novo',
  faults: {
    wrong_password: 'E-mail ou senha incorretos.',
    suspended: 'Esta conta está suspensa. Fale com quem administra esta instância.',
    too_many: 'Tentativas demais.',
    email_taken: 'Este e-mail já tem uma conta. Entre com ela.',
    closed: 'Não é possível criar contas aqui. Peça uma a quem administra esta instância.',
    bad_email: 'Isto não é um endereço de e-mail.',
    bad_name: 'Escreva um nome de até 100 caracteres.',
    bad_password: 'A senha precisa ter de 8 a 128 caracteres.',
    not_invited:
      'Para criar uma conta é preciso um convite ainda não usado para este e-mail. Fale com quem administra esta instância.',
  },
  wait: (seconds) => `Tente de novo em ${waitIn('pt-BR', seconds)}.`,
}

export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = { en: EN, pt: PT }

const SECONDS_PER_MINUTE = 60

function waitIn(locale: string, seconds: number): string {
  const isLong = seconds > SECONDS_PER_MINUTE
  const value = isLong ? Math.ceil(seconds / SECONDS_PER_MINUTE) : seconds
  const unit = isLong ? 'minute' : 'second'
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}
