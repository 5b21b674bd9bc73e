import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Agent, Tool } from '@chaveiro/sdk'
import { agentsQuery, client, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
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
