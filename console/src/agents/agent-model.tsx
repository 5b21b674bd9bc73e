import { useQuery } from '@tanstack/react-query'
import { modelsQuery } from '../api.ts'
import { useWords } from '../language.ts'

/** By what an agent answers: the router is said to be what it is. */
export function AgentModel({ model: chosen }: { readonly model: string | null }) {
  const { t } = useWords()
  const models = useQuery(modelsQuery).data
  const model = models?.find(({ id, is_default: isDefault }) => (chosen === null ? isDefault : id === chosen))
  if (model === undefined) return null
  return <span> · {model.is_llm ? model.name : t('router.badge')}</span>
}
