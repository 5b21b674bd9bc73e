import { acceptedContent, inputRequired, type ContentBlock, type GetPromptResult } from '@modelcontextprotocol/server'
import { form } from './asking-tools.ts'
import { PNG, type FixturePrompt } from './fixture.ts'

/** The suite's prompts. */

export const prompts: readonly FixturePrompt[] = [
  {
    definition: { name: 'test_simple_prompt', description: 'A prompt without arguments.' },
    render: () => messages({ type: 'text', text: 'This is a simple prompt for testing.' }),
  },
  {
    definition: {
      name: 'test_prompt_with_arguments',
      description: 'A prompt with two arguments.',
      arguments: [
        { name: 'arg1', description: 'First test argument', required: true },
        { name: 'arg2', description: 'Second test argument', required: true },
      ],
    },
    render({ arguments: { arg1, arg2 } }) {
      return messages({ type: 'text', text: `Prompt with arguments: arg1='${String(arg1)}', arg2='${String(arg2)}'` })
    },
  },
  {
    definition: {
      name: 'test_prompt_with_embedded_resource',
      description: 'A prompt that brings a resource.',
      arguments: [{ name: 'resourceUri', description: 'URI of the resource', required: true }],
    },
    render({ arguments: { resourceUri } }) {
      const text = 'Embedded resource content for testing.'
      return messages(
        { type: 'resource', resource: { uri: String(resourceUri), mimeType: 'text/plain', text } },
        { type: 'text', text: 'Please process the embedded resource above.' },
      )
    },
  },
  {
    definition: { name: 'test_prompt_with_image', description: 'A prompt that brings an image.' },
    render: () =>
      messages(
        { type: 'image', data: PNG, mimeType: 'image/png' },
        { type: 'text', text: 'Please analyze the image above.' },
      ),
  },
  {
    definition: { name: 'test_input_required_result_prompt', description: 'A prompt that asks the person first.' },
    render({ exchange }) {
      const given = acceptedContent<{ context?: unknown }>(
        exchange.context.mcpReq.inputResponses,
        'user_context',
      )?.context
      if (typeof given === 'string') return messages({ type: 'text', text: `Use the following context: ${given}` })
      const message = 'What context should the prompt use?'
      const properties = { context: { type: 'string' } } as const
      return inputRequired({ inputRequests: { user_context: form({ message, properties, required: ['context'] }) } })
    },
  },
]

function messages(...contents: readonly ContentBlock[]): GetPromptResult {
  return { messages: contents.map((content) => ({ role: 'user', content })) }
}
