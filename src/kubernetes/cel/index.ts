export { Budget, perCallLimit, runtimeBudget } from './budget';
export { compile, compileRule, type Program, type Rule, type RuleOptions } from './compile';
export { typeOfSchema, type OpenApiSchema } from './schema-types';
export * as celTypes from './types';
export { CelError, escapeName, fromJson, LazyObject, toJson, type Value } from './values';
export { authorizerValue, resourceCheckValue, type AccessDecision, type AccessQuestion } from './library/authz';
