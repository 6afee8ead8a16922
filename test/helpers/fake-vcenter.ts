/** A vCenter as far as its events go: SOAP over TLS, in the shapes that vSphere answers in. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`../fixtures/cli/${name}`, import.meta.url)))
const xmlns =
  'xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope ${xmlns}>\n<soapenv:Body>\n${body}\n</soapenv:Body>\n</soapenv:Envelope>`
const answer = (method: string, content = ''): string =>
  envelope(`<${method}Response xmlns="urn:vim25">${content}</${method}Response>`)
const fault = (type: string, text: string): string =>
  envelope(
    `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${text}</faultstring><detail><${type}Fault xmlns="urn:vim25" xsi:type="${type}"/></detail></soapenv:Fault>`,
  )

export interface VcenterEvent {
  key: number
  /** Class name, such as VmPoweredOnEvent. */
  type: string
  createdTime: string
  /** XML. */
  more?: string
}

const renderEvent = ({ key, type, createdTime, more = '' }: VcenterEvent): string =>
  `<returnval xsi:type="${type}"><key>${key}</key><chainId>${key}</chainId><createdTime>${createdTime}</createdTime><userName>VSPHERE.LOCAL\\Administrator</userName>${more}</returnval>`

const content =
  '<returnval><rootFolder type="Folder">group-d1</rootFolder><sessionManager type="SessionManager">SessionManager</sessionManager><eventManager type="EventManager">EventManager</eventManager></returnval>'

export interface FakeVcenter {
  url: URL
  now: string
  events: VcenterEvent[]
  logins: number
  /** Ends every session. */
  expire(): void
}

export async function startFakeVcenter(t: ExecutionContext, password: string): Promise<FakeVcenter> {
  let session = ''
  let collector: VcenterEvent[] = []
  let begin = ''
  let read = 0
  const fake: FakeVcenter = {
    url: new URL('https://vcenter'),
    now: '2026-11-24T02:58:16.5Z',
    events: [],
    logins: 0,
    expire: () => {
      session = ''
    },
  }
  const textOf = (body: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? ''

  function login(body: string): string {
    if (textOf(body, 'password') !== password)
      return fault('InvalidLogin', 'Cannot complete login due to an incorrect user name or password.')
    fake.logins += 1
    session = `"session-${fake.logins}"`
    return answer('Login', `<returnval><key>${fake.logins}</key></returnval>`)
  }

  const refuse = (method: string): string =>
    method === 'RetrieveServiceContent'
      ? answer(method, content)
      : fault('NotAuthenticated', 'The session is not authenticated.')

  function serve(method: string, body: string): string {
    if (method === 'Login') return login(body)
    if (method === 'RetrieveServiceContent') return answer(method, content)
    if (method === 'CurrentTime') return answer(method, `<returnval>${fake.now}</returnval>`)
    if (method === 'CreateCollectorForEvents') {
      begin = textOf(body, 'beginTime')
      collector = []
      read = 0
      return answer(method, `<returnval type="EventHistoryCollector">session[52]${fake.logins}</returnval>`)
    }
    if (method !== 'ReadNextEvents') return answer(method)
    collector = fake.events.filter(({ createdTime }) => createdTime >= begin)
    const page = collector.slice(read, read + Number(textOf(body, 'maxCount')))
    read += page.length
    return answer(method, page.map(renderEvent).join(''))
  }

  const server = createServer(
    { key: fixture('server.key'), cert: fixture('server.crt') },
    async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = Buffer.concat(chunks).toString()
      const method = /<soapenv:Body><(\w+) /.exec(body)?.[1] ?? ''
      const isOpen = session !== '' && request.headers.cookie === `vmware_soap_session=${session}`
      const before = session
      const reply = isOpen || method === 'Login' ? serve(method, body) : refuse(method)
      response.writeHead(reply.includes('<soapenv:Fault>') ? 500 : 200, {
        'content-type': 'text/xml; charset=utf-8',
        ...(session !== before && { 'set-cookie': `vmware_soap_session=${session}; Path=/; HttpOnly; Secure;` }),
      })
      response.end(reply)
    },
  )
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => server.close())
  const address = server.address()
  fake.url = new URL(`https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/sdk`)
  return fake
}
