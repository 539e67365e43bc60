import { basicOperations } from './basic-operations.ts';
import { furtherOperations } from './further-operations.ts';
import type { OperationRecipe } from './operation-recipe.ts';

const allOperations = [...basicOperations, ...furtherOperations];

/** The recipe of that name, undefined when the agents do not know such an operation. */
export function findRecipe(name: string): OperationRecipe | undefined {
  return allOperations.find((recipe) => recipe.name === name);
}

/** Recipes of the names that the agents know, in the given order; names that they do not know are left out. */
export function findRecipes(names: readonly string[]): OperationRecipe[] {
  return names.flatMap((name) => findRecipe(name) ?? []);
}

/** Names of all operations that the agents know. */
export function knownOperations(): string[] {
  return allOperations.map((recipe) => recipe.name);
}

/** Names of the operations that a calculator with these requirements has: the basic four, and what the text mentions. */
export function operationsAskedFor(requirements: string): string[] {
  const further = furtherOperations.filter((recipe) => recipe.mentions.test(requirements));
  return [...basicOperations, ...further].map((recipe) => recipe.name);
}
