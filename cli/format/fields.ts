/** Owns the kinds of fields that models are made of. */
import type { Field, Model, Plain } from './model.ts'

export const always = (type: Plain | Model): Field => ({ type })
export const optional = (type: Plain | Model): Field => ({ type, optional: true })
export const added = (type: Plain | Model): Field => ({ type, added: true })
export const many = (type: Model): Field => ({ type, many: true })

/** Tags, and what drivers are configured with. */
export const pair: Model = { key: optional('text'), value: optional('text') }
