import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Agent, Tool } from '@chaveiro/sdk'
import { agentsQuery, client, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { NAME_CHARACTERS } from '../parts/lengths.ts'
import type { Template } from './templates.ts'

/** Makes an agent of a template, with its words in the language of the reader. */
export function useCreateAgent(onCreated: (agent: Agent) => unknown) {
  const { t } = useWords()
  const queries = useQueryClient()
  return useMutation({
    async mutationFn(template: Template): Promise<Agent> {
      const tools = await queries.ensureQueryData(toolsQuery)
      return client.agents.create({
        name: t(template.name),
        instructions: t(template.instructions),
        tools: tools.filter((tool: Tool) => template.takes(tool)).map(({ name }) => name),
      })
    },
    async onSuccess(agent) {
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
      await onCreated(agent)
    },
  })
}

/** Makes another agent like one, of one's own and for oneself alone, to be changed. */
export function useDuplicateAgent(onCreated: (agent: Agent) => unknown) {
  const { t } = useWords()
  const queries = useQueryClient()
  return useMutation({
    async mutationFn({ name, description, instructions, tools, model }: Agent): Promise<Agent> {
      // A tool that is gone cannot be given to a new agent.
      const known = new Set((await queries.ensureQueryData(toolsQuery)).map((tool) => tool.name))
      return client.agents.create({
        name: t('agents.copy_of', { name }).slice(0, NAME_CHARACTERS),
        description,
        instructions,
        tools: tools.filter((tool) => known.has(tool)),
        model,
      })
    },
    async onSuccess(agent) {
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
      await onCreated(agent)
    },
  })
}
