import { CelError } from './values';

/** celconfig.PerCallLimit and RuntimeCELCostBudget. */
export const perCallLimit = 1_000_000;
export const runtimeBudget = 10_000_000;
/** RuntimeCELCostBudgetMatchConditions. */
export const conditionsBudget = 2_500_000;

/** What expressions may cost before they are stopped. Calls share what is left of the budget of their request. */
export class Budget {
  #left: number;
  #shared: Budget | undefined;

  constructor(limit = perCallLimit, shared?: Budget) {
    this.#left = limit;
    this.#shared = shared;
  }

  /** For one expression. */
  call(): Budget {
    return new Budget(perCallLimit, this);
  }
  get exhausted(): boolean {
    return this.#left < 0;
  }
  charge(cost: number): void {
    this.#left -= cost;
    this.#shared?.take(cost);
    if (this.#left < 0 || this.#shared?.exhausted === true) throw new CostExceeded();
  }
  take(cost: number): void {
    this.#left -= cost;
  }
  /** Strings and lists cost by their length, a tenth of a unit each. */
  traverse(length: number): void {
    this.charge(Math.ceil(length / 10));
  }
}

/** cel-go's interrupt: no operator absorbs it. */
export class CostExceeded extends CelError {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}
