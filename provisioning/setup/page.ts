/** The set-up page as an HTTP application: who may ask what, and how answers leave. */
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactory,
} from 'fastify'
import { boundReading } from '../../server/http/answer.ts'
import { refuseConnection } from '../../server/http/refused-connection.ts'
import { type Agent, AgentSilent } from './agent.ts'
import { type Asked, answerSilence, type PageAnswer } from './answers.ts'
import { hostOf } from './asked-host.ts'
import { createDraftSeal } from './draft.ts'
import { limits } from './limits.ts'
import { createToken, isOwnForm, readToken, renderCookie } from './own-form.ts'
import type { View } from './pages/layout.ts'
import { type Refused, renderRefused } from './pages/states.ts'
import { peerOf } from './peer.ts'
import { formTypes, type Given, maxFormBytes, readForm, UnreadableForm } from './read-form.ts'
import { securityHeaders } from './security-headers.ts'
import { chooseLanguage } from './texts/languages.ts'
import { createVisits } from './visits.ts'

export interface PageOptions {
  readonly agent: Agent
  nowMs(): number
  readonly log: { error(fields: object, message: string): void }
  /** undefined: a server without TLS, for tests that call by `inject`. */
  readonly serverFactory?: FastifyServerFactory
}

class ForeignForm extends Error {}

function viewOf({ query, headers, method }: FastifyRequest, token: string): View {
  const asked = typeof query === 'object' && query !== null ? Reflect.get(query, 'lang') : undefined
  const language = chooseLanguage(asked, headers['accept-language'])
  return { language, say: language.say, token, isLook: method !== 'POST' }
}

function send(reply: FastifyReply, { status, html, headers = {} }: PageAnswer): FastifyReply {
  boundReading(reply.raw, limits.stallMs)
  return reply.code(status).type('text/html; charset=utf-8').headers(headers).send(html)
}

/** What went wrong before anybody looked at what is asked. */
function refuse(thrown: unknown, view: View): PageAnswer {
  const page = (status: number, why: Refused): PageAnswer => ({ status, html: renderRefused(view, why) })
  if (thrown instanceof AgentSilent) return answerSilence(view)
  if (thrown instanceof ForeignForm) return page(403, 'foreign')
  if (thrown instanceof UnreadableForm) return page(400, 'unreadable')
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500
  if (status === 413) return page(413, 'large')
  return status >= 400 && status < 500 ? page(status, 'unreadable') : page(500, 'failed')
}

function createApp({ serverFactory, log }: PageOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: maxFormBytes,
    forceCloseConnections: 'idle',
    requestTimeout: limits.arrivalMs,
    keepAliveTimeout: limits.idleMs,
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, 'setup'),
    frameworkErrors: (thrown, request, reply) =>
      void send(reply.headers(securityHeaders), refuse(thrown, viewOf(request, ''))),
    ...(serverFactory && { serverFactory }),
  })
  app.addHook('onRequest', async (_request, reply) => void reply.headers(securityHeaders))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(formTypes, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((thrown, request, reply) => {
    const answer = refuse(thrown, viewOf(request, ''))
    if (answer.status >= 500) log.error({ err: thrown }, 'a request of the set-up page failed')
    return send(reply, answer)
  })
  app.setNotFoundHandler((request, reply) => {
    return send(reply, { status: 404, html: renderRefused(viewOf(request, ''), 'nowhere') })
  })
  return app
}

/** Rejects with ForeignForm or UnreadableForm. */
async function readOwnForm({ body, headers }: FastifyRequest): Promise<Given> {
  if (!Buffer.isBuffer(body)) throw new UnreadableForm('there is no form')
  const given = await readForm(Buffer.from(body), headers['content-type'] ?? '')
  if (!isOwnForm(headers, given('token') ?? '')) throw new ForeignForm('the form is not of this page')
  return given
}

/** Without listening. */
export function createSetupPage(options: PageOptions): FastifyInstance {
  const { agent, nowMs } = options
  const app = createApp(options)
  const visits = createVisits({ agent, nowMs, seal: createDraftSeal({ nowMs }) })
  const askedBy = (request: FastifyRequest, token: string): Asked => ({
    view: viewOf(request, token),
    host: hostOf(request.headers),
    from: peerOf(request.socket.remoteAddress),
    nowMs: nowMs(),
  })
  app.get('/', async (request, reply) => {
    const present = readToken(request.headers)
    const token = present || createToken()
    if (present === '') reply.header('set-cookie', renderCookie(token))
    return send(reply, await visits.look(askedBy(request, token)))
  })
  const onForm = (path: string, handle: (asked: Asked, given: Given) => Promise<PageAnswer>) =>
    app.post(path, async (request, reply) => {
      const given = await readOwnForm(request)
      return send(reply, await handle(askedBy(request, readToken(request.headers)), given))
    })
  onForm('/', visits.send)
  onForm('/confirm', visits.confirm)
  app.post('/check', async (request, reply) => {
    const { say } = viewOf(request, '')
    const problems = await visits.check(await readOwnForm(request))
    const shown = problems.map(problem => {
      const text = problem.complaint ? say(`complaint.${problem.complaint}`) : (problem.told ?? '')
      return { field: problem.field, text, ...(problem.told && { language: 'en' }) }
    })
    return reply.type('application/json').send({ problems: shown })
  })
  return app
}
