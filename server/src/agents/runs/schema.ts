import { z } from '@hono/zod-openapi'

export const usageSchema = z.object({
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  total_tokens: z.number().int(),
  cost_usd: z.number().nullable().openapi({
    description:
      'US dollars, by the prices that the operator set; null where the model has none or did not say what it used, 0 for the built-in router',
  }),
})

export const failedToolsSchema = z
  .array(z.object({ id: z.string(), name: z.string(), code: z.string(), detail: z.string() }))
  .openapi({ description: 'The calls that failed. `status` is of the run: it can end well although a call did not' })

export const missingToolsSchema = z.array(z.object({ name: z.string(), reason: z.string() })).openapi({
  description:
    'Tools of the agent that could not be called for this answer: their server could not be listed, for example',
})
