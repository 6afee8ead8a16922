/** Owns YAML output: the shape of the original's documents with the key names and numbers of the API. */
import { LosslessNumber } from 'lossless-json'
import { type ScalarTag, stringify } from 'yaml'
import type { Json } from './json.ts'

/** A number is written with the text it came with. */
const literalNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: value => value instanceof LosslessNumber,
  resolve: text => new LosslessNumber(text),
  stringify: ({ value }) => String(value),
}

export const renderYaml = (value: Json): string =>
  stringify(value, {
    customTags: tags => [literalNumber, ...tags],
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })
