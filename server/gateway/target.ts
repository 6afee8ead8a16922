/** Reads what a request asks for from its first line and its Host header. Pure. */
import { dispatchError } from '../core/errors.ts'

export interface Target {
  /** In lower case, without port. */
  host: string
  /** Path and query as sent. */
  uri: string
  rawPath: string
  /** The whole of it decoded. */
  path: string
  /** As sent, without `?`. */
  query: string
}

/** As proxies are asked: `GET http://host/path`. */
const absoluteForm = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)(.*)$/is

const hostIn = (authority: string): string => authority.replace(/:\d*$/, '').toLowerCase()

/** DispatchError BAD_URL when the path is not well encoded. */
export function parseTarget(url: string, hostHeader = ''): Target {
  const [, authority = hostHeader, rest = url] = url.startsWith('/') ? [] : (absoluteForm.exec(url) ?? [])
  const uri = rest.startsWith('?') || rest === '' ? `/${rest}` : rest
  const mark = uri.indexOf('?')
  const rawPath = mark < 0 ? uri : uri.slice(0, mark)
  return {
    host: hostIn(authority),
    uri,
    rawPath,
    path: decode(rawPath, uri),
    query: mark < 0 ? '' : uri.slice(mark + 1),
  }
}

function decode(rawPath: string, url: string): string {
  if (!rawPath.includes('%')) return rawPath
  try {
    return decodeURIComponent(rawPath)
  } catch {
    throw dispatchError('BAD_URL', { url })
  }
}
