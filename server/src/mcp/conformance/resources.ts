import type { ReadResourceResult, Resource, ResourceTemplateType } from '@modelcontextprotocol/server'
import { PNG } from './fixture.ts'

/** The suite's resources. */

export const resources: readonly Resource[] = [
  { uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' },
  { uri: 'test://watched-resource', name: 'watched-resource', mimeType: 'text/plain' },
]

export const resourceTemplates: readonly ResourceTemplateType[] = [
  { uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' },
]

/** @returns undefined for a URI that is none of the suite's */
export function readResource(uri: string): ReadResourceResult | undefined {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id !== undefined) {
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
    return { contents: [{ uri, mimeType: 'application/json', text }] }
  }
  const resource = resources.find((candidate) => candidate.uri === uri)
  if (resource === undefined) return undefined
  const { mimeType = 'text/plain' } = resource
  const content = mimeType === 'image/png' ? { blob: PNG } : { text: `This is the content of ${resource.name}.` }
  return { contents: [{ uri, mimeType, ...content }] }
}
