/** Owns what the CLI knows of each kind of object: its place in the API, its words, its table. */
import * as column from './columns.ts'
import { applicationFlag, type FlagTable } from './flag.ts'
import * as iamModels from './format/iam-models.ts'
import type { Model } from './format/model.ts'
import * as models from './format/models.ts'

/** What the table of `get` leaves out unless its flag is given. */
export interface Withheld {
  /** One of `getFlags`. */
  readonly flag: string
  /** Stands above the table that lacks it. */
  readonly note: string
  /** What the flag adds to the table; without columns it shows the whole objects as JSON, whatever the format. */
  readonly columns?: readonly column.Column[]
}

/** A flag of `get` that keeps the objects with that text under the key. */
export interface Filter {
  readonly flag: string
  readonly key: string
}

export interface Resource {
  /** In documents, exactly so. */
  readonly kind: string
  /** In sentences. */
  readonly label: string
  /** What `create` and `delete` print before `: NAME`; the spelling of each is a contract with scripts. */
  readonly createdText: string
  readonly deletedText: string
  /** Segments of the collection's path. */
  readonly path: readonly string[]
  readonly model: Model
  readonly columns: readonly column.Column[]
  /** After these with `-o wide`. */
  readonly wideColumns?: readonly column.Column[]
  /** A line below every row. */
  readonly ruled?: boolean
  readonly getFlags?: FlagTable
  readonly withheld?: Withheld
  readonly filter?: Filter
  /** What is asked for with the list of a table: rows that are no objects of their own, and that scripts must not see. */
  readonly tableQuery?: Readonly<Record<string, string>>
  /** The key of its list in what `-f ... -o json` prints. */
  readonly resultKey: string
}

/** What has no tags belongs to no application. */
export const applicationFlagOf = ({ model }: Resource): FlagTable => ('tags' in model ? applicationFlag : {})

const { text, texts, toggle } = column

export const resources = {
  baseImage: {
    kind: 'BaseImage',
    label: 'base image',
    createdText: 'Created base image',
    deletedText: 'Deleted base image',
    path: ['v1', 'baseimage'],
    model: models.baseImage,
    columns: [column.name, text('URL', 'dockerUrl'), column.status, column.created],
    wideColumns: [text('DOCKERIMAGE', 'dockerImage')],
    resultKey: 'baseImages',
  },
  image: {
    kind: 'Image',
    label: 'image',
    createdText: 'Created image',
    deletedText: 'Deleted image',
    path: ['v1', 'image'],
    model: models.image,
    columns: [column.name, text('URL', 'dockerUrl'), text('BASEIMAGE', 'baseImageName'), column.status, column.created],
    resultKey: 'images',
  },
  function: {
    kind: 'Function',
    label: 'function',
    createdText: 'Created function',
    deletedText: 'Deleted function',
    path: ['v1', 'function'],
    model: models.functionModel,
    columns: [column.name, text('FUNCTIONIMAGE', 'functionImageURL'), column.status, column.created],
    resultKey: 'functions',
  },
  secret: {
    kind: 'Secret',
    label: 'secret',
    createdText: 'Created secret',
    deletedText: 'Deleted secret',
    path: ['v1', 'secret'],
    model: models.secret,
    columns: [text('ID', 'id'), column.name, column.hidden],
    getFlags: { all: { kind: 'toggle', summary: 'show the values too, as JSON' } },
    withheld: { flag: 'all', note: 'Note: secret values are hidden, please use --all flag to get them\n\n' },
    resultKey: 'secrets',
  },
  api: {
    kind: 'API',
    label: 'api',
    createdText: 'Created api',
    deletedText: 'Deleted api',
    path: ['v1', 'api'],
    model: models.api,
    columns: [
      column.name,
      text('FUNCTION', 'function'),
      texts('PROTOCOL', 'protocols', '\n'),
      texts('METHOD', 'methods', '\n'),
      texts('DOMAIN', 'hosts', '\n'),
      column.apiAddresses,
      text('AUTH', 'authentication'),
      column.status,
      toggle('ENABLED', 'enabled'),
    ],
    ruled: true,
    getFlags: {
      func: {
        kind: 'text',
        short: 'f',
        value: 'NAME',
        completes: 'Function',
        summary: 'only those that call this function',
      },
    },
    filter: { flag: 'func', key: 'function' },
    resultKey: 'api',
  },
  subscription: {
    kind: 'Subscription',
    label: 'subscription',
    createdText: 'created subscription',
    deletedText: 'Deleted subscription',
    path: ['v1', 'event', 'subscriptions'],
    model: models.subscription,
    columns: [
      column.name,
      text('EVENT TYPE', 'eventType'),
      text('FUNCTION NAME', 'function'),
      column.status,
      column.created,
    ],
    resultKey: 'subscriptions',
  },
  driverType: {
    kind: 'DriverType',
    label: 'event driver type',
    createdText: 'Created event driver type',
    deletedText: 'Deleted driver types',
    path: ['v1', 'event', 'drivertypes'],
    model: models.driverType,
    columns: [column.name, text('IMAGE', 'image'), toggle('EXPOSE', 'expose')],
    ruled: true,
    tableQuery: { builtIn: 'true' },
    resultKey: 'driverTypes',
  },
  driver: {
    kind: 'Driver',
    label: 'event driver',
    createdText: 'Created event driver',
    deletedText: 'Deleted drivers',
    path: ['v1', 'event', 'drivers'],
    model: models.driver,
    columns: [
      column.name,
      text('TYPE', 'type'),
      column.status,
      texts('SECRETS', 'secrets', ','),
      column.driverConfig,
      column.driverUrl,
      texts('REASON', 'reason', ', '),
    ],
    ruled: true,
    resultKey: 'drivers',
  },
  policy: {
    kind: 'Policy',
    label: 'policy',
    createdText: 'Created policy',
    deletedText: 'Deleted policy',
    path: ['v1', 'iam', 'policy'],
    model: iamModels.policy,
    columns: [column.name, toggle('GLOBAL', 'global'), column.created],
    getFlags: { wide: { kind: 'toggle', short: 'w', summary: 'show the rules too' } },
    withheld: {
      flag: 'wide',
      note: 'Note: rule contents are omitted, please use --wide or -w to print them\n',
      columns: [column.policyRules],
    },
    resultKey: 'policies',
  },
  serviceAccount: {
    kind: 'ServiceAccount',
    label: 'service account',
    createdText: 'Create service account',
    deletedText: 'Deleted ServiceAccount',
    path: ['v1', 'iam', 'serviceaccount'],
    model: iamModels.serviceAccount,
    columns: [column.name, column.created],
    resultKey: 'serviceaccounts',
  },
  organization: {
    kind: 'Organization',
    label: 'organization',
    createdText: 'Created organization',
    deletedText: 'Deleted Organization',
    path: ['v1', 'iam', 'organization'],
    model: iamModels.organization,
    columns: [column.name, column.created],
    resultKey: 'organizations',
  },
} as const satisfies Record<string, Resource>

/** What is made and deleted, and in no file: it is never changed, or holds what is nobody's to read. */
export const credentials = {
  user: {
    kind: 'User',
    label: 'user',
    createdText: 'Created user',
    deletedText: 'Deleted user',
    path: ['v1', 'iam', 'user'],
    model: iamModels.user,
    columns: [column.name, toggle('PASSWORD', 'hasPassword'), column.created],
    resultKey: 'users',
  },
  token: {
    kind: 'Token',
    label: 'token',
    createdText: 'Created token',
    deletedText: 'Deleted token',
    path: ['v1', 'iam', 'token'],
    model: iamModels.token,
    columns: [
      column.name,
      text('SUBJECT', 'subject'),
      texts('SCOPE', 'scope', ', '),
      column.status,
      column.time('EXPIRES', 'expiresTime', 'never'),
      column.time('LAST USED', 'lastUsedTime', 'never'),
      column.created,
    ],
    resultKey: 'tokens',
  },
} as const satisfies Record<string, Resource>
