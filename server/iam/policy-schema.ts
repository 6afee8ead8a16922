/** Policies: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import { actions } from '../core/access.ts'
import type { Entity } from '../core/entity.ts'
import { flag, kind, name, seconds, shown, shownKind, status, uuid } from '../http/shapes.ts'

const says = {
  subjects: 'Users, accounts of the organization of the policy by their name, and accounts of any as ORGANIZATION/NAME',
  actions: `${actions.join(', ')}, or * for all of them; "read" shows the values of secrets`,
  resources:
    'As the second part of paths: function, runs, image, baseimage, secret, api, event, iam; * for all of them',
  global: 'Whether it counts in every organization; it takes a global policy to write one',
}
const action = Type.Unsafe<string>({ type: 'string', enum: [...actions, '*'] })

const rule = Type.Object({
  actions: Type.Array(action, { description: says.actions }),
  resources: Type.Array(Type.String({ pattern: '^[\\w\\d\\-\\*]+$' }), { description: says.resources }),
  subjects: Type.Array(Type.String(), { description: says.subjects }),
})
export type PolicyRule = Static<typeof rule>

const rules = Type.Array(rule, {
  description: 'Each allows its subjects its actions on its resources; the rest is refused',
})

export const policyBody = Type.Object(
  { global: flag(says.global), id: uuid, kind, name, rules, status },
  {
    title: 'PolicyBody',
    examples: [{ name: 'readers', rules: [{ subjects: ['jon@example.com'], actions: ['get'], resources: ['*'] }] }],
  },
)
export type PolicyBody = Static<typeof policyBody>

export const shownPolicy = Type.Object(
  {
    id: shown.id,
    kind: shownKind('Policy'),
    name: shown.name,
    global: flag(says.global),
    rules,
    status: shown.status,
    createdTime: shown.createdTime,
    modifiedTime: seconds('When it was last changed'),
  },
  { title: 'Policy' },
)

export interface Policy extends Entity {
  global: boolean
  rules: PolicyRule[]
}

export const renderPolicy = (entity: Policy): Static<typeof shownPolicy> => ({
  id: entity.id,
  kind: 'Policy',
  name: entity.name,
  ...(entity.global && { global: true }),
  rules: entity.rules,
  status: entity.status,
  createdTime: entity.createdTimeSeconds,
  modifiedTime: entity.modifiedTimeSeconds,
})
