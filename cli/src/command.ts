import { parseArgs } from 'node:util'
import { defineCommand, type ArgsDef, type CommandDef, type ParsedArgs } from 'citty'

/** How each command ends the program. */
export type EndWith = (exitCode: number) => void

export interface CommandParts<Options extends ArgsDef> {
  readonly name: string
  readonly description: string
  readonly options?: Options
  /** Another name for it. */
  readonly alias?: string
  readonly run: (options: ParsedArgs<Options>) => Promise<number>
}

/** A command that takes exactly its options: a misspelt one is refused, not passed over. */
export function command<const Options extends ArgsDef>(endWith: EndWith, parts: CommandParts<Options>): CommandDef {
  const { name, description, alias, options = {} as Options, run } = parts
  const definition: CommandDef<Options> = defineCommand({
    meta: { name, description, ...(alias === undefined ? {} : { alias }) },
    args: options,
    async run({ rawArgs, args }) {
      refuseUnknown(rawArgs, options)
      endWith(await run(args))
    },
  })
  // The tree of commands does not know the options of each.
  return definition as unknown as CommandDef
}

/** A command that only holds others. */
export function group(name: string, description: string, subCommands: Record<string, CommandDef>): CommandDef {
  return defineCommand({ meta: { name, description }, subCommands })
}

/** @throws Node's own error, which names the option. */
function refuseUnknown(rawArguments: string[], options: ArgsDef): void {
  const known = Object.entries(options).map(([name, { type }]) => {
    return [name, { type: type === 'boolean' ? 'boolean' : 'string' }] as const
  })
  parseArgs({ args: rawArguments, options: Object.fromEntries(known), strict: true, allowPositionals: false })
}
