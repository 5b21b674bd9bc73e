import { randomBytes } from 'node:crypto'
import type { CommandDef } from 'citty'
import type { Client, ManagedUser } from '@chaveiro/sdk'
import { command, group, type EndWith } from '../command.ts'
import { EXIT } from '../failure.ts'
import { clientOf, readSecret, SERVER_OPTIONS } from '../server.ts'
import type { Surroundings } from '../surroundings.ts'
import { table } from '../table.ts'

const PAGE_SIZE = 200
/** Bytes of a generated password: 144 bits, 24 characters. */
const PASSWORD_BYTES = 18

export function usersCommand(surroundings: Surroundings, endWith: EndWith): CommandDef {
  return group('users', 'Who is on this instance', {
    list: command(endWith, {
      name: 'list',
      description: 'Every user',
      options: SERVER_OPTIONS,
      async run(options) {
        const users = await allUsers(clientOf(surroundings, options))
        const cells = users.map(({ id, email, name, role, banned, created_at }) => {
          return [id, email, name, role, banned ? 'suspended' : 'active', created_at]
        })
        surroundings.print(table(['id', 'email', 'name', 'role', 'state', 'created'], cells))
        return EXIT.done
      },
    }),
    create: command(endWith, {
      name: 'create',
      description: 'Make an account for somebody; prints a password where none is given',
      options: {
        ...SERVER_OPTIONS,
        email: { type: 'string', required: true, description: 'E-mail address' },
        name: { type: 'string', required: true, description: 'Name' },
        role: { type: 'enum', options: ['user', 'admin'], default: 'user', description: 'Role' },
        'password-file': { type: 'string', description: 'File whose first line is the password; - is standard input' },
      },
      async run(options) {
        const client = clientOf(surroundings, options)
        const file = options['password-file']
        const password =
          file === undefined ? randomBytes(PASSWORD_BYTES).toString('base64url') : await readSecret(surroundings, file)
        const { email, name, role } = options
        const user = await client.admin.users.create({ email, name, role, password })
        surroundings.say(`User ${user.id}: ${user.email} (${user.role}).`)
        if (file === undefined) {
          surroundings.say(
            'The password is shown once. After the first sign-in it should be changed, with POST /api/auth/change-password ' +
              '{"current_password", "new_password"}:',
          )
          surroundings.print(password)
        }
        return EXIT.done
      },
    }),
  })
}

async function allUsers(client: Client): Promise<ManagedUser[]> {
  const users: ManagedUser[] = []
  let cursor: number | null = 0
  while (cursor !== null) {
    const page = await client.admin.users.list({ limit: PAGE_SIZE, cursor })
    users.push(...page.users)
    cursor = page.next_cursor
  }
  return users
}
