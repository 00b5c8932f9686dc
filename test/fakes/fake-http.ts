import type { Answer } from '../../src/domain/health/probe.ts';
import type { Http, HttpQuestion } from '../../src/ports/http.ts';

/** Gives the scripted answers in order, the last one again and again. */
export class FakeHttp implements Http {
  readonly asked: HttpQuestion[] = [];
  readonly #answers: readonly Answer[];

  constructor(...answers: readonly Answer[]) {
    this.#answers = answers;
  }

  async ask(question: HttpQuestion): Promise<Answer> {
    const answer = this.#answers[Math.min(this.asked.length, this.#answers.length - 1)] ?? {
      kind: 'unasked',
      why: 'no answer is scripted',
    };
    this.asked.push(question);
    return answer;
  }
}
