// @vitest-environment jsdom
import { describe } from 'vitest'
import { describeBinding } from './binding-suite.ts'
import { testSchema } from './test-schema.ts'
import { textForm } from './text-form.ts'

describe('the binding of the text form', () => {
  describeBinding(textForm(testSchema), testSchema)
})
