import { getTask } from '../operations/async-tasks.ts'
import { getBlock, listChildren } from '../operations/blocks.ts'
import {
  createComment,
  createCommentBody,
  deleteComment,
  getComment,
  listComments,
  listCommentsQuery,
  updateComment,
  updateCommentBody,
} from '../operations/comments.ts'
import { createPage, createPageBody } from '../operations/create-page.ts'
import { listEmojis, listEmojisQuery } from '../operations/custom-emojis.ts'
import { createView, createViewBody } from '../operations/create-view.ts'
import {
  createDataSource,
  createDataSourceBody,
  getDataSource,
  updateDataSource,
  updateDataSourceBody,
} from '../operations/data-sources.ts'
import {
  createDatabase,
  createDatabaseBody,
  getDatabase,
  updateDatabase,
  updateDatabaseBody,
} from '../operations/databases.ts'
import {
  completeUpload,
  createUpload,
  createUploadBody,
  getUpload,
  listUploads,
  listUploadsQuery,
  sendUpload,
} from '../operations/file-uploads.ts'
import { getMarkdown, markdownQuery, updateMarkdown, updateMarkdownBody } from '../operations/markdown.ts'
import { createMeeting, createMeetingBody, queryMeetings, queryMeetingsBody } from '../operations/meeting-notes.ts'
import { movePage, movePageBody } from '../operations/move-page.ts'
import { getPage } from '../operations/pages.ts'
import { getPropertyItem } from '../operations/property-items.ts'
import { queryBody, queryDatabase, queryDataSource } from '../operations/query.ts'
import { search, searchBody } from '../operations/search.ts'
import { listTemplates } from '../operations/templates.ts'
import { updatePage, updatePageBody } from '../operations/update-page.ts'
import { getOwnBot, getUser, listUsers } from '../operations/users.ts'
import { createViewQuery, createViewQueryBody, deleteViewQuery, getViewQuery } from '../operations/view-queries.ts'
import { deleteView, getView, listViews, listViewsQuery, updateView, updateViewBody } from '../operations/views.ts'
import { appendBody, appendChildren, deleteBlock, updateBlock, updateBlockBody } from '../operations/write-blocks.ts'
import type { ApiVersion } from '../state/model.ts'
import { array, object, optional, string, type Check } from '../validation/check.ts'
import type { Answer, Call } from './call.ts'
import { pagingMembers } from './pagination.ts'

/** One operation of the API. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path segments; one that starts with a colon is a parameter, and is an id unless its name says `property`. */
  segments: string[]
  operation: (call: Call) => Answer
  /** Checks the query string. */
  query: Check
  /** Checks the body, which may differ between versions; absent for routes that take none. */
  body?: (version: ApiVersion) => Check
  /** Whether it takes a multipart form in place of JSON. */
  takesForm?: true
  /** Versions that have the route. */
  versions: readonly ApiVersion[]
}

const ALL: readonly ApiVersion[] = ['2022-06-28', '2025-09-03', '2026-03-11']
const SINCE_DATA_SOURCES: readonly ApiVersion[] = ['2025-09-03', '2026-03-11']
const BEFORE_DATA_SOURCES: readonly ApiVersion[] = ['2022-06-28']

/** Query parameters that may occur more than once. */
export const LIST_PARAMETERS = ['filter_properties']

const anyQuery: Check = object({})
const paging: Check = object(pagingMembers)
const filtering: Check = object({ filter_properties: optional(array(string())) })

type RouteOptions = Partial<Pick<Route, 'query' | 'body' | 'takesForm' | 'versions'>>

function route(target: string, operation: (call: Call) => Answer, options: RouteOptions = {}): Route {
  const [method, path] = target.split(' ')
  return {
    method: method as Route['method'],
    segments: (path ?? '').split('/').filter((segment) => segment !== ''),
    operation,
    query: anyQuery,
    versions: ALL,
    ...options,
  }
}

/** Every operation. The first route that fits wins. */
const ROUTES: Route[] = [
  route('GET /v1/users/me', getOwnBot),
  route('GET /v1/users', listUsers, { query: paging }),
  route('GET /v1/users/:user_id', getUser),

  route('POST /v1/search', search, { body: searchBody }),

  route('POST /v1/pages', createPage, { query: filtering, body: createPageBody }),
  route('GET /v1/pages/:page_id', getPage, { query: filtering }),
  route('PATCH /v1/pages/:page_id', updatePage, { query: filtering, body: updatePageBody }),
  route('POST /v1/pages/:page_id/move', movePage, { body: movePageBody }),
  route('GET /v1/pages/:page_id/markdown', getMarkdown, { query: markdownQuery }),
  route('PATCH /v1/pages/:page_id/markdown', updateMarkdown, { body: updateMarkdownBody }),
  route('GET /v1/pages/:page_id/properties/:property_id', getPropertyItem, { query: paging }),

  route('GET /v1/blocks/:block_id', getBlock),
  route('PATCH /v1/blocks/:block_id', updateBlock, { body: updateBlockBody }),
  route('DELETE /v1/blocks/:block_id', deleteBlock),
  route('GET /v1/blocks/:block_id/children', listChildren, { query: paging }),
  route('PATCH /v1/blocks/:block_id/children', appendChildren, { body: appendBody }),

  route('POST /v1/databases', createDatabase, { body: createDatabaseBody }),
  route('GET /v1/databases/:database_id', getDatabase),
  route('PATCH /v1/databases/:database_id', updateDatabase, { body: updateDatabaseBody }),
  route('POST /v1/databases/:database_id/query', queryDatabase, {
    query: filtering,
    body: queryBody,
    versions: BEFORE_DATA_SOURCES,
  }),

  route('POST /v1/data_sources', createDataSource, { body: createDataSourceBody, versions: SINCE_DATA_SOURCES }),
  route('GET /v1/data_sources/:data_source_id', getDataSource, { versions: SINCE_DATA_SOURCES }),
  route('PATCH /v1/data_sources/:data_source_id', updateDataSource, {
    body: updateDataSourceBody,
    versions: SINCE_DATA_SOURCES,
  }),
  route('POST /v1/data_sources/:data_source_id/query', queryDataSource, {
    query: filtering,
    body: queryBody,
    versions: SINCE_DATA_SOURCES,
  }),
  route('GET /v1/data_sources/:data_source_id/templates', listTemplates, {
    query: paging,
    versions: SINCE_DATA_SOURCES,
  }),

  route('POST /v1/comments', createComment, { body: createCommentBody }),
  route('GET /v1/comments', listComments, { query: listCommentsQuery }),
  route('GET /v1/comments/:comment_id', getComment),
  route('PATCH /v1/comments/:comment_id', updateComment, { body: updateCommentBody }),
  route('DELETE /v1/comments/:comment_id', deleteComment),
  route('GET /v1/views', listViews, { query: listViewsQuery, versions: SINCE_DATA_SOURCES }),
  route('POST /v1/views', createView, { body: createViewBody, versions: SINCE_DATA_SOURCES }),
  route('GET /v1/views/:view_id', getView, { versions: SINCE_DATA_SOURCES }),
  route('PATCH /v1/views/:view_id', updateView, { body: updateViewBody, versions: SINCE_DATA_SOURCES }),
  route('DELETE /v1/views/:view_id', deleteView, { versions: SINCE_DATA_SOURCES }),
  route('POST /v1/views/:view_id/queries', createViewQuery, {
    body: createViewQueryBody,
    versions: SINCE_DATA_SOURCES,
  }),
  route('GET /v1/views/:view_id/queries/:query_id', getViewQuery, { query: paging, versions: SINCE_DATA_SOURCES }),
  route('DELETE /v1/views/:view_id/queries/:query_id', deleteViewQuery, { versions: SINCE_DATA_SOURCES }),
  route('POST /v1/blocks/meeting_notes', createMeeting, { body: createMeetingBody }),
  route('POST /v1/blocks/meeting_notes/query', queryMeetings, { body: queryMeetingsBody }),
  route('GET /v1/custom_emojis', listEmojis, { query: listEmojisQuery }),
  route('GET /v1/async_tasks/:task_id', getTask),
  route('POST /v1/file_uploads', createUpload, { body: createUploadBody }),
  route('GET /v1/file_uploads', listUploads, { query: listUploadsQuery }),
  route('GET /v1/file_uploads/:file_upload_id', getUpload),
  route('POST /v1/file_uploads/:file_upload_id/send', sendUpload, { takesForm: true }),
  route('POST /v1/file_uploads/:file_upload_id/complete', completeUpload),
]

/** A route and what its parameters stand for, still as written. */
export interface Match {
  route: Route
  parameters: Record<string, string>
}

/** The routes that fit a method and a path below the mount point, or none. A trailing slash makes no difference. */
export function matchRoutes(method: string, path: string): Match[] {
  const segments = path.split('/').filter((segment) => segment !== '')
  return ROUTES.flatMap((candidate) => {
    const parameters = candidate.method === method ? matchSegments(candidate.segments, segments) : null
    return parameters === null ? [] : [{ route: candidate, parameters }]
  })
}

function matchSegments(pattern: string[], actual: string[]): Record<string, string> | null {
  if (pattern.length !== actual.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, segment] of pattern.entries()) {
    const text = actual[index] ?? ''
    if (segment.startsWith(':')) parameters[segment.slice(1)] = decode(text)
    else if (segment !== text) return null
  }
  return parameters
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
