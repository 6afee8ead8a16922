/** The router's table: whatever the APIs, it finds what a plain reading of the rules finds. */
import test from 'ava'
import fc from 'fast-check'
import type { ServedApi } from '../../../../server/core/ports.ts'
import { type Asked, createTable, type Match } from '../../../../server/gateway/table.ts'
import { parseTarget } from '../../../../server/gateway/target.ts'

const api = (fields: Partial<ServedApi> = {}): ServedApi => ({
  ...{ org: 'o', name: 'a', functionName: 'f', cors: false, tls: '' },
  ...{ hosts: [], uris: [], methods: [], protocols: [] },
  ...fields,
})

const ask = (method: string, url: string, host = 'h'): Asked => ({ ...parseTarget(url, host), method })
const named = (match: Match | undefined): string | undefined => match?.api.name

/** How exact the API's hosts are for the host: the smaller the more, undefined for none. */
function hostRank({ hosts }: ServedApi, host: string): number | undefined {
  if (hosts.length === 0) return 2
  if (hosts.some(each => each.toLowerCase() === host)) return 0
  const parent = host.includes('.') ? host.replace(/^[^.]+/, '*') : undefined
  return hosts.some(each => each.toLowerCase() === parent) ? 1 : undefined
}

/** The text by which fitting patterns are ordered, part by part: text before {name} before *. */
function pathRank(uri: string, path: string, rawPath: string): string | undefined {
  const parts = uri.split('/').slice(1)
  const isPattern = parts.at(-1) === '*' || parts.some(part => /^\{\w+\}$/.test(part))
  if (!isPattern) return uri === path ? ' ' : undefined
  const asked = rawPath.split('/').slice(1).map(decodeURIComponent)
  if (parts.at(-1) === '*' ? asked.length < parts.length : asked.length !== parts.length) return undefined
  const ranks = parts.map((part, index) => {
    if (part === '*' && index === parts.length - 1) return '3'
    if (/^\{\w+\}$/.test(part)) return asked[index] === '' ? undefined : '2'
    return part === asked[index] ? '1' : undefined
  })
  return ranks.includes(undefined) ? undefined : ranks.join('')
}

type Rank = [path: string, host: number, org: string, name: string]

function best(candidates: [Rank, ServedApi][]): ServedApi | undefined {
  const least = (a: Rank, b: Rank): number => {
    const index = a.findIndex((part, place) => part !== b[place])
    return index < 0 ? 0 : (a[index] ?? '') < (b[index] ?? '') ? -1 : 1
  }
  return candidates.toSorted(([a], [b]) => least(a, b))[0]?.[1]
}

/** The three steps as the rules tell them, each over all APIs. */
function findSlowly(apis: ServedApi[], { method, host, path, rawPath }: Asked): ServedApi | undefined {
  const ranked = (step: (api: ServedApi, hostRank: number) => string | undefined) =>
    best(
      apis.flatMap((each): [Rank, ServedApi][] => {
        const rank = hostRank(each, host)
        const pathText = rank === undefined ? undefined : step(each, rank)
        return rank === undefined || pathText === undefined ? [] : [[[pathText, rank, each.org, each.name], each]]
      }),
    )
  const takes = ({ methods }: ServedApi) => methods.length === 0 || method === 'OPTIONS' || methods.includes(method)
  const byPath = ranked(each => {
    if (!takes(each)) return undefined
    return each.uris.flatMap(uri => pathRank(uri, path, rawPath) ?? []).toSorted()[0]
  })
  const byMethod = ranked(each => (each.uris.length === 0 && each.methods.includes(method) ? '' : undefined))
  const byHost = ranked((each, rank) => (each.uris.length === 0 && rank < 2 && takes(each) ? '' : undefined))
  return byPath ?? byMethod ?? byHost
}

const some = (...values: string[]) => fc.array(fc.constantFrom(...values), { maxLength: 2 })
const part = fc.constantFrom('a', 'b', '', '{x}', '{y}', '*', 'a%2Fb', '*c', '{', '{x}z')
const uri = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => `/${parts.join('/')}`)
const served = fc.record({
  org: fc.constantFrom('o', 'p'),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  hosts: some('h.x', 'i.x', '*.x', 'H.X', 'x', ''),
  uris: fc.array(uri, { maxLength: 2 }),
  methods: some('GET', 'POST', 'OPTIONS'),
})
const apiSets = fc.uniqueArray(served, { maxLength: 12, selector: ({ org, name }) => `${org}/${name}` })
const askedPath = fc
  .array(fc.constantFrom('a', 'b', '', 'a%2Fb', '%61', '*', '{x}', '*c', '%7Bx%7D'), { minLength: 1, maxLength: 4 })
  .map(parts => `/${parts.join('/')}`)
const askedFor = fc.record({
  method: fc.constantFrom('GET', 'POST', 'OPTIONS', 'HEAD'),
  url: askedPath,
  host: fc.constantFrom('h.x', 'I.x', 'j.x:80', 'x', 'z', '', 'h.h.x'),
})

test('whatever the APIs and whatever is asked, the table finds what the rules say', t => {
  let found = 0
  const property = fc.property(apiSets, fc.array(askedFor, { minLength: 5, maxLength: 5 }), (sets, questions) => {
    const apis = sets.map(api)
    const table = createTable(apis)
    return questions.every(({ method, url, host }) => {
      const asked = ask(method, url, host)
      const expected = findSlowly(apis, asked)
      if (expected) found += 1
      return table.find(asked)?.api === expected
    })
  })
  t.notThrows(() => fc.assert(property, { numRuns: 2000, seed: 7 }))
  t.true(found > 1000)
})

test('the variable parts of a path are told by name, decoded', t => {
  const table = createTable([
    api({ name: 'user', uris: ['/o/users/{id}'] }),
    api({ name: 'file', uris: ['/o/files/{owner}/*'] }),
  ])
  t.deepEqual(table.find(ask('GET', '/o/users/a%2Fb%20c?x'))?.params, { id: 'a/b c' })
  t.deepEqual(table.find(ask('GET', '/o/files/me/css/a.css'))?.params, { owner: 'me', '*': 'css/a.css' })
  t.deepEqual(table.find(ask('GET', '/o/files/me/'))?.params, { owner: 'me', '*': '' })
  t.is(table.find(ask('GET', '/o/files/me')), undefined)
  t.is(table.find(ask('GET', '/o/users/')), undefined)
  t.is(table.find(ask('GET', '/o/users/1/2')), undefined)
})

test('of several that fit, the more exact path wins, then the more exact host, then the name', t => {
  const table = createTable([
    ...[
      api({ name: 'rest', uris: ['/*'] }),
      api({ name: 'one', uris: ['/{a}/x'] }),
      api({ name: 'exact', uris: ['/b/x'] }),
    ],
    api({ name: 'z-host', uris: ['/h'], hosts: ['h'] }),
    ...[api({ name: 'any', uris: ['/h'] }), api({ name: 'wild', uris: ['/h'], hosts: ['*.h'] })],
    ...[api({ org: 'p', name: 'any', uris: ['/h'] }), api({ name: 'anz', uris: ['/h'] })],
  ])
  t.is(named(table.find(ask('GET', '/b/x'))), 'exact')
  t.is(named(table.find(ask('GET', '/c/x'))), 'one')
  t.is(named(table.find(ask('GET', '/c/y'))), 'rest')
  t.is(named(table.find(ask('GET', '/h', 'H:80'))), 'z-host')
  t.is(named(table.find(ask('GET', '/h', 'i.h'))), 'wild')
  t.is(named(table.find(ask('GET', '/h', 'j.i.h'))), 'any')
  t.is(table.find(ask('GET', '/h', 'other'))?.api.org, 'o')
})

test('10,000 APIs: each is found by its path, and by its host', t => {
  const apis = Array.from({ length: 10_000 }, (_, index) =>
    api({ name: `a${index}`, uris: [index % 2 ? '/same' : `/p/${index}/{id}`], hosts: [`h${index}.x`] }),
  )
  const table = createTable(apis)
  t.is(named(table.find(ask('GET', '/p/4712/7', 'h4712.x'))), 'a4712')
  t.is(named(table.find(ask('GET', '/same', 'h4711.x'))), 'a4711')
  t.is(table.find(ask('GET', '/p/4712/7', 'h4714.x')), undefined)
})
