import { plainTool, PNG, textResult, type FixtureTool } from './fixture.ts'

/** Tools that answer at once, one for each kind of content. */

/** 8 kHz mono without a sample. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const

export const contentTools: readonly FixtureTool[] = [
  {
    definition: plainTool('test_simple_text', 'Answers with text.'),
    run: () => textResult('This is a simple text response for testing.'),
  },
  {
    definition: plainTool('test_image_content', 'Answers with an image.'),
    run: () => ({ content: [image] }),
  },
  {
    definition: plainTool('test_audio_content', 'Answers with audio.'),
    run: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  },
  {
    definition: plainTool('test_embedded_resource', 'Answers with a resource.'),
    run: () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  },
  {
    definition: plainTool('test_multiple_content_types', 'Answers with text, an image and a resource.'),
    run: () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        image,
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":"data","value":123}',
          },
        },
      ],
    }),
  },
  {
    definition: plainTool('test_error_handling', 'Fails.'),
    run: () => ({ ...textResult('This tool intentionally returns an error for testing'), isError: true }),
  },
  {
    definition: plainTool('test_streaming_elicitation', 'Answers with text and asks nothing.'),
    run: () => textResult('Nothing but this answer is sent.'),
  },
  {
    definition: {
      name: 'json_schema_2020_12_tool',
      description: 'Has a schema with the words that JSON Schema 2020-12 brought.',
      inputSchema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: {
          address: {
            $anchor: 'addressDef',
            type: 'object',
            properties: { street: { type: 'string' }, city: { type: 'string' } },
          },
        },
        properties: {
          name: { type: 'string' },
          address: { $ref: '#/$defs/address' },
          contactMethod: { type: 'string', enum: ['phone', 'email'] },
          phone: { type: 'string' },
          email: { type: 'string' },
        },
        allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
        if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
        // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
        then: { required: ['phone'] },
        else: { required: ['email'] },
        additionalProperties: false,
      },
    },
    run: (call) => textResult(`Called with ${JSON.stringify(call.arguments)}`),
  },
]
