/** The calls of the vSphere Web Services API that events need, over SOAP. */
import type { Posted } from './transport.ts'
import { childOf, childrenOf, type Element, escapeXml, parseXml, textAt } from './xml.ts'

/** What the server says has gone wrong; `fault` is the name of its type, such as InvalidLogin. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault'
  readonly fault: string

  constructor(fault: string, message: string) {
    super(message)
    this.fault = fault
  }
}

/** A managed object. */
interface Reference {
  type: string
  id: string
}

export interface Session {
  /** Time of the server. */
  currentTime(): Promise<string>
  /** Reads events from that time on, oldest first. */
  collect(beginTime: string): Promise<EventCollector>
}

export interface EventCollector {
  /** At most so many that were not read yet. */
  read(limit: number): Promise<Element[]>
}

export type Post = (body: string, headers: Record<string, string>) => Promise<Posted>

const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: 'urn:vim25/6.0' }
const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
const serviceInstance = { type: 'ServiceInstance', id: 'ServiceInstance' }

const renderCall = (method: string, { type, id }: Reference, rest = ''): string =>
  `<${method} xmlns="urn:vim25"><_this type="${escapeXml(type)}">${escapeXml(id)}</_this>${rest}</${method}>`

/** Throws SoapFault, or an Error when it is no answer. */
function readAnswer({ status, body }: Posted, method: string): Element[] {
  let content: Element | undefined
  try {
    content = childOf(childOf(parseXml(body), 'Envelope'), 'Body')
  } catch (thrown) {
    throw new Error(`the answer to ${method}, HTTP ${status}, is no XML`, { cause: thrown })
  }
  const fault = childOf(content, 'Fault')
  if (fault) {
    const [detail] = childOf(fault, 'detail')?.children ?? []
    throw new SoapFault(detail?.type || detail?.name || '', `${method}: ${textAt(fault, 'faultstring')}`)
  }
  const answer = childOf(content, `${method}Response`)
  if (!answer) throw new Error(`the answer to ${method}, HTTP ${status}, has no ${method}Response`)
  return childrenOf(answer, 'returnval')
}

/** Logs in. Throws SoapFault InvalidLogin. */
export async function openSession(send: Post, user: { name: string; password: string }): Promise<Session> {
  let cookie = ''
  async function call(method: string, on: Reference, rest?: string): Promise<Element[]> {
    const posted = await send(envelope(renderCall(method, on, rest)), { ...headers, ...(cookie && { cookie }) })
    const [given] = [posted.headers['set-cookie'] ?? []].flat()
    if (given) cookie = given.split(';')[0] ?? ''
    return readAnswer(posted, method)
  }

  const [content] = await call('RetrieveServiceContent', serviceInstance)
  const referTo = (type: string, name: string): Reference => ({ type, id: textAt(content, name) || type })
  const credentials = `<userName>${escapeXml(user.name)}</userName><password>${escapeXml(user.password)}</password>`
  await call('Login', referTo('SessionManager', 'sessionManager'), credentials)
  const manager = referTo('EventManager', 'eventManager')

  return {
    currentTime: async () => (await call('CurrentTime', serviceInstance))[0]?.text.trim() ?? '',
    collect: async beginTime => {
      const filter = `<filter><time><beginTime>${escapeXml(beginTime)}</beginTime></time></filter>`
      const [made] = await call('CreateCollectorForEvents', manager, filter)
      const collector = { type: 'EventHistoryCollector', id: made?.text.trim() ?? '' }
      await call('RewindCollector', collector)
      return { read: limit => call('ReadNextEvents', collector, `<maxCount>${limit}</maxCount>`) }
    },
  }
}
