/** REST operations on API tokens. They are made and deleted, never changed. */
import { Type } from '@sinclair/typebox'
import { type Principal, permissionOf } from '../core/access.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { tokenPrefixes } from '../core/credentials.ts'
import { digestOf } from '../core/digest.ts'
import { createEntity } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { createFilter } from '../http/filter.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { createTokenText } from './authenticate/tokens.ts'
import type { Demand } from './authorize.ts'
import type { Decisions } from './decisions.ts'
import { issuerPrefix } from './oidc/subject.ts'
import { isSame, principalOf, type Subjects } from './subjects.ts'
import {
  createdToken,
  type Holder,
  renderToken,
  type ShownToken,
  shownToken,
  type Token,
  type TokenBody,
  tokenBody,
} from './token-schema.ts'
import { planTerms } from './token-terms.ts'

export interface TokenRouteDependencies extends Pick<Decisions, 'countsEverywhere'> {
  tokens: Collection<Token>
  subjects: Subjects
  demand: Demand
  clock: Clock
  ids: Ids
}

const refusals = ['NO_SUBJECT', 'UNKNOWN_SUBJECT', 'RESOURCE_UNKNOWN', 'SCOPE_TOO_WIDE', 'LIFETIME_TOO_LONG'] as const
const group = 'tokens'
const path = '/v1/iam/token'
const one = { path: `${path}/{tokenName}`, pathSchema: pathOf('tokenName', 'Name of a token', 'ci') }

interface Wanted {
  org: string
  body: TokenBody
  principal: Principal
}

/** An issuer's users whose names it makes itself cannot be created here. */
function adviceFor(subject: string): string {
  if (subject.startsWith(issuerPrefix)) return 'who logs in as that creates the token, without naming a subject'
  if (subject.includes('/')) return 'correct the name, or see dispatch iam create serviceaccount'
  return `correct the name, or create it first: dispatch iam create user ${subject}, with --no-password for one of an issuer of OpenID Connect`
}

/** Throws UNKNOWN_SUBJECT: a token that is made for nobody would be of whoever gets that name later. */
async function findNamed(subjects: Subjects, { org, body: { name } }: Wanted, subject: string): Promise<Holder> {
  const holder = await subjects.resolve(org, subject)
  if (!holder) throw dispatchError('UNKNOWN_SUBJECT', { name, subject, org, advice: adviceFor(subject) })
  return holder
}

/** `anyone` and `local` are nobody that a token could act for. */
async function findMaker(subjects: Subjects, wanted: Wanted): Promise<Holder> {
  const { kind, subject, org } = wanted.principal
  if (kind === 'user') return subjects.resolveUser(subject)
  if (kind === 'account') return findNamed(subjects, wanted, `${org}/${subject}`)
  throw dispatchError('NO_SUBJECT', { name: wanted.body.name })
}

/** To act in the name of somebody else whom policies name for every organization takes a right in all of them. */
async function findHolder(
  { subjects, demand, countsEverywhere }: TokenRouteDependencies,
  wanted: Wanted,
): Promise<Holder> {
  const { org, body, principal } = wanted
  if (body.subject === undefined) return findMaker(subjects, wanted)
  const holder = await findNamed(subjects, wanted, body.subject)
  const meant = principalOf(org, holder)
  if (!isSame(principal, meant) && (await countsEverywhere(meant)))
    await demand(principal, '', permissionOf('POST', path))
  return holder
}

export function createTokenOperations(dependencies: TokenRouteDependencies): Operation[] {
  const { tokens, clock, ids } = dependencies
  const filter = createFilter({}, (token: Token) => token.tags)

  const create = async (org: string, body: TokenBody, principal: Principal) => {
    const holder = await findHolder(dependencies, { org, body, principal })
    const text = createTokenText(tokenPrefixes.api)
    const common = { ...createEntity(org, body, { ...clock, ...ids }), status: 'READY' as const }
    const token = await tokens.create({
      ...common,
      digest: digestOf(text),
      holder,
      ...planTerms(body, principal, secondsOf(clock.nowNs())),
      lastUsedSeconds: null,
    })
    return { ...renderToken(token, 'READY'), token: text }
  }

  const show = async (token: Token): Promise<ShownToken> => {
    const isOver = token.expiresSeconds !== null && token.expiresSeconds <= secondsOf(clock.nowNs())
    const isHeld = await dependencies.subjects.isPresent(token.org, token.holder)
    return renderToken(token, isOver ? 'EXPIRED' : isHeld ? 'READY' : 'REVOKED')
  }

  const find = async (org: string, name: string): Promise<Token> => {
    const token = await tokens.get(org, name)
    if (!token) throw dispatchError('NOT_FOUND', { kind: 'token', name })
    return token
  }

  return [
    operation({
      ...{ id: 'addToken', group, method: 'POST', path, bodySchema: tokenBody },
      summary: 'Add an API token',
      description: 'It counts in this organization alone, and for as long as its subject is there.',
      answers: { 201: { description: 'The token, with its text', schema: createdToken } },
      errors: [...refusals, 'ALREADY_EXISTS', 'INTERNAL', 'DISK_FULL'],
      handle: async ({ org, body, principal }) => jsonReply(201, await create(org, body, principal)),
    }),
    operation({
      ...{ id: 'getTokens', group, method: 'GET', path, querySchema: filter.schema },
      summary: 'List API tokens',
      answers: { 200: { description: 'The tokens, by name', schema: Type.Array(shownToken) } },
      errors: ['INTERNAL'],
      handle: async ({ org, ...request }) => {
        const all = await tokens.list(org)
        return jsonReply(200, await Promise.all(all.filter(filter.asked(request) ?? (() => true)).map(show)))
      },
    }),
    operation({
      ...{ id: 'getToken', group, method: 'GET', ...one },
      summary: 'Get an API token',
      answers: { 200: { description: 'The token', schema: shownToken } },
      errors: ['NOT_FOUND', 'INTERNAL'],
      handle: async request => jsonReply(200, await show(await find(request.org, request.path.tokenName ?? ''))),
    }),
    operation({
      ...{ id: 'deleteToken', group, method: 'DELETE', ...one },
      summary: 'Delete an API token',
      description: 'Nobody is let in by it any more.',
      answers: { 200: { description: 'The token', schema: shownToken } },
      errors: ['NOT_FOUND', 'INTERNAL', 'DISK_FULL'],
      handle: async request => {
        const token = await find(request.org, request.path.tokenName ?? '')
        const shown = await show(token)
        await tokens.remove(token.org, token.name)
        return jsonReply(200, shown)
      },
    }),
  ]
}
