/** The login of what has no browser: it asks for a code, and asks until somebody has entered that on a page. */
import { Type } from '@sinclair/typebox'
import { dispatchError } from '../../core/errors.ts'
import type { ConfirmView, LoginPages } from '../../core/login-pages.ts'
import {
  jsonReply,
  type Operation,
  type OperationReply,
  type OperationRequest,
  operation,
} from '../../http/operation.ts'
import { text } from '../../http/shapes.ts'
import type { Lockout } from '../lockout.ts'
import { shownLogin } from '../session-schema.ts'
import type { OpenedSession, Sessions } from '../sessions.ts'
import { type Hand, pageReply } from './browser.ts'
import { type Devices, parseUserCode, pollSeconds } from './devices.ts'
import { createFormKey, createFormReader, type Form, isOwnForm } from './form.ts'
import { devicePath, renderReturnPlace } from './return-place.ts'

export interface DeviceRouteDependencies {
  pages: LoginPages
  hand: Hand
  devices: Devices
  lockout: Lockout
  sessions: Pick<Sessions, 'open'>
  renderLogin(opened: OpenedSession): object
}

const shownDevice = Type.Object(
  {
    deviceCode: Type.String({ description: 'To ask with; nobody else may see it' }),
    userCode: Type.String({ description: 'To be entered on the page' }),
    verificationPath: Type.String({ description: 'Path of the page on this server' }),
    expiresIn: Type.Integer({ description: 'Seconds in which the code is good' }),
    interval: Type.Integer({ description: 'Seconds to wait before each time it is asked again' }),
  },
  { title: 'DeviceLogin' },
)
const pollBody = Type.Object(
  { deviceCode: Type.String({ minLength: 1, maxLength: 100, description: 'As it was answered' }) },
  { title: 'DeviceLoginBody', examples: [{ deviceCode: 'U29tZSBjb2RlIG9mIGEgZGV2aWNlIG9yIG90aGVyLi4u' }] },
)
const open = { group: 'sessions', access: 'public', anyOrganization: true } as const
const page = { contentType: 'text/html; charset=utf-8' }

const isEmbedded = ({ header }: OperationRequest): boolean => !['', 'document'].includes(header('sec-fetch-dest'))

export function createDeviceOperations(deps: DeviceRouteDependencies): Operation[] {
  const { pages, hand, devices, lockout, sessions, renderLogin } = deps

  const askForCode = (status: number, problem?: string): OperationReply =>
    pageReply(status, pages.code(problem === undefined ? {} : { problem }))

  /** Codes can be guessed at too. */
  const findDevice = (code: string, address: string) => lockout.attempt({ address }, async () => devices.find(code))

  const confirm = (asked: Omit<ConfirmView, 'formKey'>, { header, isEncrypted }: OperationRequest): OperationReply => {
    const { key: formKey, cookie } = createFormKey({ cookie: header('cookie'), isEncrypted })
    const reply = pageReply(200, pages.confirm({ ...asked, formKey }))
    return { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } }
  }

  const showPage = async (request: OperationRequest): Promise<OperationReply> => {
    const code = parseUserCode(request.query.code ?? '')
    // A page of another site that asks for an image or a frame here guesses at nothing for its visitor.
    if (isEmbedded(request)) return askForCode(200)
    const device = await findDevice(code, request.peer.address)
    if (!device)
      return askForCode(404, 'No device waits with this code. It may be too old: start the login on the device again.')
    const place = { kind: 'device', code } as const
    const who = hand.look(request, place)
    if (who) return confirm({ user: who.user, code, address: device.address }, request)
    const start = new URLSearchParams({ rd: renderReturnPlace(place) })
    return { status: 303, headers: { location: `/v1/iam/oauth2/start?${start}` } }
  }

  const decide = async (request: OperationRequest<Form>): Promise<OperationReply> => {
    const code = parseUserCode(request.body.code ?? '')
    const who = isOwnForm(request.body, request.header('cookie')) && hand.take(request, { kind: 'device', code })
    if (who) request.note({ principal: { kind: 'user', subject: who.user } })
    const isAllowed = request.body.decision === 'allow'
    if (!who || !devices.decide(code, isAllowed ? who : undefined))
      return askForCode(403, 'That took too long. Please enter the code again.')
    const title = isAllowed ? 'The device is logged in' : 'The device was refused'
    return pageReply(200, pages.text({ title, text: 'This page can be closed.' }))
  }

  return [
    operation({
      ...open,
      id: 'beginDeviceLogin',
      method: 'POST',
      path: `${devicePath}/code`,
      summary: 'Begin the login of a device without a browser',
      answers: { 200: { description: 'Its codes', schema: shownDevice } },
      errors: ['BUSY'],
      handle: async ({ peer }) => {
        const { deviceCode, userCode, expiresInSeconds } = devices.begin(peer.address)
        const answer = {
          deviceCode,
          userCode,
          verificationPath: devicePath,
          expiresIn: expiresInSeconds,
          interval: pollSeconds,
        }
        return { ...jsonReply(200, answer), headers: { 'cache-control': 'no-store' } }
      },
    }),
    operation({
      ...open,
      id: 'endDeviceLogin',
      method: 'POST',
      path: `${devicePath}/token`,
      summary: 'Ask whether the device was allowed',
      bodySchema: pollBody,
      answers: { 200: { description: 'The session that has begun', schema: shownLogin } },
      errors: ['DEVICE_WAITING', 'DEVICE_REFUSED', 'LOGIN_REFUSED'],
      handle: async ({ body, note }) => {
        const state = devices.poll(body.deviceCode)
        if (state.is === 'waiting') throw dispatchError('DEVICE_WAITING', {})
        if (state.is === 'over') throw dispatchError('DEVICE_REFUSED', {})
        note({ principal: { kind: 'user', subject: state.who.user } })
        const opened = await sessions.open({ ...state.who, method: 'device', address: state.address })
        return { ...jsonReply(200, renderLogin(opened)), headers: { 'cache-control': 'no-store' } }
      },
    }),
    operation({
      ...open,
      id: 'getDevicePage',
      method: 'GET',
      path: devicePath,
      summary: 'Get the page to enter the code of a device',
      querySchema: Type.Object({ code: text('The code that the device shows') }),
      answers: { 200: { description: 'The page', ...page }, 303: { description: 'To the login' } },
      errors: ['LOCKED_OUT'],
      handle: async request => (request.query.code ? showPage(request) : askForCode(200)),
    }),
    operation({
      ...open,
      id: 'submitDevicePage',
      method: 'POST',
      path: devicePath,
      summary: 'Allow or refuse a device by the form of the page',
      createReader: createFormReader,
      answers: { 200: { description: 'The page', ...page } },
      errors: ['MEDIA_TYPE', 'BODY_TOO_LARGE'],
      handle: decide,
    }),
  ]
}
