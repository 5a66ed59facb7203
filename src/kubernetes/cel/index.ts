export { Budget, conditionsBudget, runtimeBudget } from './budget';
export { compile, compileRule, type Program, type Rule, type RuleOptions } from './compile';
export type { OpenApiSchema } from './schema-types';
export * as celTypes from './types';
export { CelError, fromJson, LazyObject, toJson, type Value } from './values';
export { authorizerValue, resourceCheckValue, type AccessDecision, type AccessQuestion } from './library/authz';
