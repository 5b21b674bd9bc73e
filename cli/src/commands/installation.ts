import type { CommandDef } from 'citty'
import { command, group, type EndWith } from '../command.ts'
import type { Surroundings } from '../surroundings.ts'

/** Commands that look at this installation itself, without a running server. */

export function doctorCommand({ runOffline }: Surroundings, endWith: EndWith): CommandDef {
  return command(endWith, {
    name: 'doctor',
    description: 'Say what is right and wrong with the settings, the database and the keys',
    options: { json: { type: 'boolean', description: 'For programs' } },
    run: ({ json }) => runOffline('doctor', json === true ? ['--json'] : []),
  })
}

export function databaseCommand({ runOffline }: Surroundings, endWith: EndWith): CommandDef {
  return group('db', 'PostgreSQL', {
    setup: command(endWith, {
      name: 'setup',
      description: 'Make or repair roles, database and schema; prints DATABASE_URL and DATABASE_OWNER_URL',
      options: {
        'admin-url': { type: 'string', required: true, description: 'postgres://administrator:password@host/postgres' },
        database: { type: 'string', description: 'Name of the database; none: chaveiro' },
      },
      run: (options) =>
        runOffline('db-setup', [
          `--admin-url=${options['admin-url']}`,
          ...(options.database === undefined ? [] : [`--database=${options.database}`]),
        ]),
    }),
    migrate: command(endWith, {
      name: 'migrate',
      description: 'Bring the schema up to date with the login of DATABASE_OWNER_URL',
      run: () => runOffline('db-migrate', []),
    }),
  })
}
