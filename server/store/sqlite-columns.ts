/** Values of SQLite's columns, checked when they are read. */
import type { SQLOutputValue } from 'node:sqlite'
import { statuses } from '../core/status.ts'
import type { RunRecord } from './port.ts'

export type Row = Record<string, SQLOutputValue>

/** What `parseRun` needs of a row. Times have 19 digits: read them as BigInt, or they would be rounded. */
export const runColumns = 'name, org, function_name, function_id, status, executed_ns, modified_ns, body'

export function parseRun(row: Row): RunRecord {
  return {
    name: parseText(row, 'name'),
    org: parseText(row, 'org'),
    functionName: parseText(row, 'function_name'),
    functionId: parseText(row, 'function_id'),
    status: parseStatus(parseText(row, 'status')),
    executedNs: parseInt64(row, 'executed_ns'),
    modifiedNs: parseInt64(row, 'modified_ns'),
    body: parseText(row, 'body'),
  }
}

export function parseText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new Error(`column ${column} holds ${typeof value} instead of text`)
  return value
}

export function parseInt64(row: Row, column: string): bigint {
  const value = row[column]
  if (typeof value !== 'bigint') throw new Error(`column ${column} holds ${typeof value} instead of an integer`)
  return value
}

export const parseCount = (row: Row, column: string): number => Number(parseInt64(row, column))

export const parseOptionalText = (row: Row, column: string): string | null =>
  row[column] === null ? null : parseText(row, column)

function parseStatus(text: string): RunRecord['status'] {
  const status = statuses.find(known => known === text)
  if (!status) throw new Error(`column status holds ${text}`)
  return status
}
