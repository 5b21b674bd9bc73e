import type { Tool } from '@chaveiro/sdk'
import type { WordKey } from '../language.ts'

/** A beginning: which tools, and what the agent is told. Everything can be changed before it is made. */
export interface Template {
  readonly id: string
  readonly name: WordKey
  readonly about: WordKey
  readonly instructions: WordKey
  readonly takes: (tool: Tool) => boolean
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'assistant',
    name: 'template.assistant.name',
    about: 'template.assistant.about',
    instructions: 'template.assistant.instructions',
    takes: () => true,
  },
  {
    id: 'reader',
    name: 'template.reader.name',
    about: 'template.reader.about',
    instructions: 'template.reader.instructions',
    takes: ({ annotations }) => annotations.readOnly,
  },
  {
    id: 'writer',
    name: 'template.writer.name',
    about: 'template.writer.about',
    instructions: 'template.writer.instructions',
    takes: ({ annotations }) => annotations.readOnly || !annotations.destructive,
  },
]
