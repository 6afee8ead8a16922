/** Owns what the CLI knows of each kind of object: its place in the API, its words, its table. */
import { renderDate, type Zone } from './format/dates.ts'
import { integerOf, type JsonObject, textOf } from './format/json.ts'
import type { Model } from './format/model.ts'
import { baseImage, functionModel, image } from './format/models.ts'

export interface Column {
  readonly title: string
  cell(object: JsonObject, zone: Zone): string
}

export interface Resource {
  /** In documents, exactly so. */
  readonly kind: string
  /** Segments of the collection's path. */
  readonly path: readonly string[]
  readonly model: Model
  readonly columns: readonly Column[]
  /** In `Deleted <label>: NAME`; the spelling of each is a contract with scripts. */
  readonly deletedLabel: string
  /** The key of its list in what `-f ... -o json` prints. */
  readonly resultKey: string
}

export const text = (title: string, key: string): Column => ({ title, cell: object => textOf(object[key]) })
export const created: Column = {
  title: 'CREATED DATE',
  cell: (object, zone) => renderDate(integerOf(object.createdTime), zone),
}

const name = text('NAME', 'name')
const status = text('STATUS', 'status')

export const resources = {
  baseImage: {
    kind: 'BaseImage',
    path: ['v1', 'baseimage'],
    model: baseImage,
    columns: [name, text('URL', 'dockerUrl'), status, created],
    deletedLabel: 'base image',
    resultKey: 'baseImages',
  },
  image: {
    kind: 'Image',
    path: ['v1', 'image'],
    model: image,
    columns: [name, text('URL', 'dockerUrl'), text('BASEIMAGE', 'baseImageName'), status, created],
    deletedLabel: 'image',
    resultKey: 'images',
  },
  function: {
    kind: 'Function',
    path: ['v1', 'function'],
    model: functionModel,
    columns: [name, text('FUNCTIONIMAGE', 'functionImageURL'), status, created],
    deletedLabel: 'function',
    resultKey: 'functions',
  },
} as const satisfies Record<string, Resource>
