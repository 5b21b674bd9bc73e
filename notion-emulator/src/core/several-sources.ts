import type { DataSourceNode } from '../state/model.ts'
import { ApiFailure } from './failure.ts'

/** The documented refusal of a database id where one of several data sources is meant. */
export function severalSources(databaseId: string, sources: DataSourceNode[]): ApiFailure {
  return new ApiFailure(
    'validation_error',
    `Databases with multiple data sources are not supported in this API version. Database ID: ${databaseId}`,
    {
      error_type: 'multiple_data_sources_for_database',
      database_id: databaseId,
      child_data_source_ids: sources.map((source) => source.id),
      minimum_api_version: '2025-09-03',
    },
  )
}
