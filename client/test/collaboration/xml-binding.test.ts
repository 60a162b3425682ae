// @vitest-environment jsdom
import { describeBinding } from './binding-suite.ts'
import { testSchema } from './test-schema.ts'
import { xmlForm } from './xml-form.ts'

describeBinding('the binding of the tree form', xmlForm, testSchema)
