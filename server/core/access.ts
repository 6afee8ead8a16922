/** Who asks for what: the words in which operations, credentials and policies speak of each other. */
import { dispatchError } from './errors.ts'

/** `open`: any credential counts, and for everything; `required`: it must say who asks, and policies say what they may. */
export const authModes = ['open', 'required'] as const
export type AuthMode = (typeof authModes)[number]

/** `read`: to see what a resource keeps secret; `get` does not hold it. */
export const actions = ['get', 'create', 'update', 'delete', 'read'] as const
export type Action = (typeof actions)[number]

/** Kinds of objects, as policies and scopes name them. */
export const resources: readonly string[] = [
  ...['api', 'archive', 'audit', 'baseimage', 'event', 'function', 'iam', 'image', 'runs', 'secret', 'usage'],
]
/** Policies of the original name these too; here they allow nothing. */
const formerResources = ['application', 'service', 'subscription']

/** Throws the DispatchError RESOURCE_UNKNOWN for a word that no policy could mean; `*` stands for all of them. */
export function checkResources(named: readonly string[]): void {
  const unknown = named.find(word => ![...resources, ...formerResources, '*'].includes(word))
  if (unknown === undefined) return
  throw dispatchError('RESOURCE_UNKNOWN', { resource: unknown, known: resources.join(', ') })
}

/** `resource` is the name that policies know, which is the second segment of the paths of its operations. */
export interface Permission {
  resource: string
  action: Action
}

/** Permissions, by their names or all at once. */
export interface Grant {
  resource: string
  action: Action | '*'
}

/**
 * What an operation asks of its caller. `public`: nothing; `driver`: the token of an event driver, which the operation looks
 * at itself; `known`: to say who it is, and nothing more.
 */
export type Access = 'public' | 'driver' | 'known' | Permission

const actionOfMethod = { GET: 'get', POST: 'create', PUT: 'update', DELETE: 'delete' } as const

export const permissionOf = (method: keyof typeof actionOfMethod, path: string): Permission => ({
  resource: path.split('/')[2] ?? '',
  action: actionOfMethod[method],
})

/**
 * Who a request comes from. `anyone`: nobody was asked who it is; `local`: somebody whom this machine lets open the local
 * socket; `account`: a service account of the organization `org`; `driver`: an event driver of `org`.
 */
export interface Principal {
  kind: 'anyone' | 'local' | 'user' | 'account' | 'driver'
  /** Without the organization; '' for `anyone` and `local`. */
  subject: string
  org?: string
  /** The one organization in which it counts; absent: wherever policies say so. */
  onlyIn?: string
  /** Narrows what its policies allow; absent: nothing is narrowed. */
  scope?: readonly Grant[]
  /** From then on its credential does not count any more; absent: that has no such end, or it is of no matter. */
  expiresSeconds?: number
  /** Id of the session by which a user came. */
  session?: string
}

export const anyone: Principal = { kind: 'anyone', subject: '' }
export const local: Principal = { kind: 'local', subject: '' }

/** What a request says of itself, before its body is read. */
export interface Asked {
  access: Exclude<Access, 'public'>
  /** The organization that it names; '' when it names none. */
  org: string
  /** `any`: what is done to organizations themselves, so that the one named need not exist; '' stands for all of them. */
  organization: 'existing' | 'any'
  /** Headers; '' when absent. */
  authorization: string
  cookie: string
  peer: Peer
  /** Is told who asks as soon as that is known, also when the request is then refused. */
  identified?(principal: Principal): void
}

/** The other end of a connection. */
export interface Peer {
  /** '' when it is not known any more. */
  address: string
  /** It came by the local socket. */
  isLocal: boolean
  /** The common name of a client's certificate that was checked; '' without one. */
  readonly certificateName: string
}

/** `org`: the one that the request is about; '' when it named none. */
export interface Admission {
  principal: Principal
  org: string
}

/** Whether somebody may do something in an organization; '' stands for all of them. Without a promise where nothing has to be read. */
export type Allows = (asked: Permission & { principal: Principal; org: string }) => boolean | Promise<boolean>

export interface Gate {
  /** Throws, or rejects with, the DispatchError that says why the request is refused. Without a promise where nothing has to be looked up. */
  admit(asked: Asked): Admission | Promise<Admission>
}
