import type { Computed, Entity, Field, Permission, RecordValue, Rule } from '#contracts';

/** Something a generated app is tested for. What it holds names where in the model it comes from. */
export type Check =
  | { readonly kind: 'add' | 'change' | 'values' | 'found' | 'exchange' | 'order'; readonly entity: Entity }
  | { readonly kind: 'first_state'; readonly entity: Entity }
  | { readonly kind: 'required' | 'unique' | 'in_use'; readonly entity: Entity; readonly field: Field }
  | { readonly kind: 'default'; readonly entity: Entity; readonly field: Field }
  | { readonly kind: 'steps'; readonly entity: Entity; readonly state: string }
  | { readonly kind: 'step_roles'; readonly entity: Entity; readonly state: string; readonly to: string; readonly roles: readonly string[] }
  | { readonly kind: 'rule'; readonly entity: Entity; readonly rule: Rule }
  | { readonly kind: 'value'; readonly entity: Entity; readonly value: RecordValue }
  | { readonly kind: 'permission'; readonly entity: Entity; readonly permission: Permission }
  | { readonly kind: 'computed'; readonly computed: Computed }
  | { readonly kind: 'signed_out' | 'password' | 'roles' | 'durable' | 'escaped' | 'paged' | 'described' };

export type CheckOf<K extends Check['kind']> = Extract<Check, { kind: K }>;
