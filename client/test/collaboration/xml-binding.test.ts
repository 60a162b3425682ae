// @vitest-environment jsdom
import { describe } from 'vitest'
import { describeBinding } from './binding-suite.ts'
import { testSchema } from './test-schema.ts'
import { xmlForm } from './xml-form.ts'

describe('the binding of the tree form', () => {
  describeBinding(xmlForm, testSchema)
})
