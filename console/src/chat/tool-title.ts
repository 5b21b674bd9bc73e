import { useQuery } from '@tanstack/react-query'
import { toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'

/** The name of a tool in the reader's language; the words of its own where it is not known. */
export function useToolTitle(): (name: string) => string {
  const { local } = useWords()
  const tools = useQuery(toolsQuery).data
  return (name) => {
    const tool = tools?.find((one) => one.name === name)
    return tool === undefined ? name.replaceAll('_', ' ') : local(tool.title)
  }
}
