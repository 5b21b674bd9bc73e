import type { CommandDef } from 'citty'
import { createClient, type Client, type Scope } from '@chaveiro/sdk'
import { command, group, type EndWith } from '../command.ts'
import { CommandFailure, EXIT } from '../failure.ts'
import { anonymousClient, clientOf, readSecret, SERVER_OPTIONS, urlOf, type ServerOptions } from '../server.ts'
import type { Surroundings } from '../surroundings.ts'

const NO_END = 'never'

export function tokensCommand(surroundings: Surroundings, endWith: EndWith): CommandDef {
  return group('tokens', 'API tokens', {
    create: command(endWith, {
      name: 'create',
      description: 'Make an API token of your own; with --email it signs in first',
      options: {
        ...SERVER_OPTIONS,
        name: { type: 'string', default: 'chaveiro', description: 'What it is for' },
        scopes: { type: 'string', description: 'Separated by commas; none: all but account and admin' },
        days: { type: 'string', description: `Days until it ends, or ${NO_END}; none: 90` },
        email: { type: 'string', description: 'Sign in as this user instead of using a token' },
        'password-file': {
          type: 'string',
          default: '-',
          description: 'With --email: file whose first line is the password; - is standard input',
        },
      },
      async run(options) {
        const days = options.days === undefined ? undefined : parseDays(options.days)
        const scopes = options.scopes?.split(',').map((scope) => scope.trim() as Scope)
        const session =
          options.email === undefined ? undefined : { email: options.email, file: options['password-file'] }
        const { token, expires_at, ...made } = await creating(surroundings, options, session, (client) =>
          client.tokens.create({
            name: options.name,
            ...(scopes === undefined ? {} : { scopes }),
            ...(days === undefined ? {} : { expires_in_days: days }),
          }),
        )
        surroundings.say(`Token ${made.id} (${made.scopes.join(', ')}) ends ${expires_at ?? NO_END}. It is shown once:`)
        surroundings.print(token)
        return EXIT.done
      },
    }),
  })
}

interface SignIn {
  readonly email: string
  /** Where the password is. */
  readonly file: string
}

/** Works with the token that is given, or with a session that ends with the work. */
async function creating<Made>(
  surroundings: Surroundings,
  options: ServerOptions,
  signIn: SignIn | undefined,
  work: (client: Client) => Promise<Made>,
): Promise<Made> {
  if (signIn === undefined) return work(clientOf(surroundings, options))
  const password = await readSecret(surroundings, signIn.file)
  const { token } = await anonymousClient(surroundings, options).auth.signIn({ email: signIn.email, password })
  const client = createClient({ baseUrl: urlOf(surroundings, options), token, fetch: surroundings.fetch })
  try {
    return await work(client)
  } finally {
    await client.auth.signOut()
  }
}

/** @throws CommandFailure */
function parseDays(text: string): number | null {
  if (text === NO_END) return null
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new CommandFailure(EXIT.usage, `--days takes a number from 1, or ${NO_END}.`)
}
