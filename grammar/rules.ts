// Verb: tokens to a concrete syntax tree (Chevrotain). Each construct has its own production; what may stand inside
// a block is not said here but in the vocabulary tables.
import { CstParser, defaultParserErrorProvider, tokenLabel } from 'chevrotain';
import * as t from './tokens.ts';

/** Thrown out of the parser where a text has so many errors that the rest is not read. */
export class TooManyErrors extends Error {}

export class TlpParser extends CstParser {
  /** Errors that may still be raised. */
  readonly left: { count: number };

  /** `validate` looks for mistakes of the grammar itself, which takes time: tests do. */
  constructor(validate = false) {
    const left = { count: Number.POSITIVE_INFINITY };
    const counted = (message: string): string => {
      if (left.count-- <= 0) throw new TooManyErrors();
      return message;
    };
    super([...t.tokens], {
      recoveryEnabled: true,
      maxLookahead: 2,
      nodeLocationTracking: 'onlyOffset',
      skipValidations: !validate,
      errorMessageProvider: {
        ...defaultParserErrorProvider,
        // The label alone: the reader of errors says the rest in its own words.
        buildMismatchTokenMessage: ({ expected }) => counted(tokenLabel(expected)),
        buildNoViableAltMessage: () => counted(''),
        buildEarlyExitMessage: () => counted(''),
      },
    });
    this.left = left;
    this.performSelfAnalysis();
  }

  readonly file = this.RULE('file', () => {
    this.MANY(() => this.OR([{ ALT: () => this.CONSUME(t.Separator) }, { ALT: () => this.SUBRULE(this.item) }]));
  });

  readonly item = this.RULE('item', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.data) },
        { ALT: () => this.SUBRULE(this.augment) },
        { ALT: () => this.SUBRULE(this.backbone) },
        { ALT: () => this.SUBRULE(this.freeze) },
        { ALT: () => this.SUBRULE(this.head) },
        { ALT: () => this.SUBRULE(this.schedule) },
        { ALT: () => this.SUBRULE(this.stage) },
        { ALT: () => this.SUBRULE(this.run) },
        { ALT: () => this.SUBRULE(this.let) },
        { ALT: () => this.SUBRULE(this.param) },
        { ALT: () => this.SUBRULE(this.import) },
        { ALT: () => this.SUBRULE(this.sweep) },
        { ALT: () => this.SUBRULE(this.statement) },
        { ALT: () => this.SUBRULE(this.block) },
        { ALT: () => this.SUBRULE(this.stray) },
      ],
      IGNORE_AMBIGUITIES: true,
      // The first word decides, so that `import 3` is a broken import and no statement.
      MAX_LOOKAHEAD: 1,
    });
  });

  readonly data = this.RULE('data', () => {
    this.CONSUME(t.Data);
    this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  readonly augment = this.RULE('augment', () => {
    this.CONSUME(t.Augment);
    this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  /** `backbone vgg16 { … }`, `backbone vgg16 "from scratch" { … }`, `backbone cnn { layers }`. */
  readonly backbone = this.RULE('backbone', () => {
    this.CONSUME(t.Backbone);
    this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => this.SUBRULE1(this.name));
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  /** A sentence: `freeze backbone except last 4 layers`. */
  readonly freeze = this.RULE('freeze', () => {
    this.CONSUME(t.Freeze);
    this.MANY(() => this.SUBRULE(this.value));
    this.OPTION(() => this.SUBRULE(this.block));
  });

  readonly head = this.RULE('head', () => {
    this.CONSUME(t.Head);
    this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  readonly schedule = this.RULE('schedule', () => {
    this.CONSUME(t.Schedule);
    this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  readonly stage = this.RULE('stage', () => {
    this.CONSUME(t.Stage);
    this.OPTION(() => this.SUBRULE(this.name));
    this.OPTION1(() => this.SUBRULE(this.block));
  });

  readonly run = this.RULE('run', () => {
    this.CONSUME(t.Run);
    this.OPTION(() => this.SUBRULE(this.runName));
    this.OPTION1(() => {
      this.CONSUME(t.Continues);
      this.SUBRULE1(this.name);
    });
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  readonly runName = this.RULE('runName', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Text) },
      { GATE: () => this.LA(1).tokenType !== t.Continues, ALT: () => this.CONSUME(t.Word) },
    ]);
  });

  readonly let = this.RULE('let', () => {
    this.CONSUME(t.Let);
    this.CONSUME(t.Word);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.value);
  });

  /** `param lr = 1e-3 in 1e-6..1e-1`. */
  readonly param = this.RULE('param', () => {
    this.CONSUME(t.Param);
    this.CONSUME(t.Word);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.value);
    this.OPTION(() => {
      this.CONSUME(t.In);
      this.SUBRULE1(this.value);
    });
  });

  readonly import = this.RULE('import', () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.Text);
  });

  readonly sweep = this.RULE('sweep', () => {
    this.CONSUME(t.Sweep);
    // Without its block it is refused later: what stands behind it in the file is read all the same.
    this.OPTION(() => {
      this.CONSUME(t.BlockOpen);
      this.MANY(() =>
        this.OR([{ ALT: () => this.CONSUME(t.Separator) }, { ALT: () => this.SUBRULE(this.sweepEntry) }]),
      );
      this.CONSUME(t.BlockClose);
    });
  });

  /** `lr in [1e-2, 1e-3]`, `dropout in 20%..60% step 10%`. */
  readonly sweepEntry = this.RULE('sweepEntry', () => {
    this.CONSUME(t.Word);
    this.CONSUME(t.In);
    this.SUBRULE(this.value);
  });

  /** `word(key: value) value … (key: value) { … }`, each piece but the word optional. */
  readonly statement = this.RULE('statement', () => {
    this.CONSUME(t.Word);
    this.OPTION(() => this.SUBRULE(this.call));
    this.MANY({
      GATE: () => this.LA(1).tokenType !== t.ParenOpen || this.LA(3).tokenType !== t.Colon,
      DEF: () => this.SUBRULE(this.value),
    });
    this.OPTION1(() => this.SUBRULE(this.options));
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  readonly block = this.RULE('block', () => {
    this.CONSUME(t.BlockOpen);
    this.MANY(() => this.OR([{ ALT: () => this.CONSUME(t.Separator) }, { ALT: () => this.SUBRULE(this.item) }]));
    this.CONSUME(t.BlockClose);
  });

  readonly call = this.RULE('call', () => {
    this.CONSUME(t.CallOpen);
    this.OPTION(() => this.SUBRULE(this.args));
    this.CONSUME(t.ParenClose);
  });

  readonly options = this.RULE('options', () => {
    this.CONSUME(t.ParenOpen);
    this.OPTION(() => this.SUBRULE(this.args));
    this.CONSUME(t.ParenClose);
  });

  readonly args = this.RULE('args', () => {
    this.SUBRULE(this.arg);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.OPTION(() => this.SUBRULE1(this.arg));
    });
  });

  readonly arg = this.RULE('arg', () => {
    this.OPTION({
      GATE: () => this.LA(2).tokenType === t.Colon,
      DEF: () => {
        this.CONSUME(t.Word);
        this.CONSUME(t.Colon);
      },
    });
    this.SUBRULE(this.value);
  });

  /** `20%`, `a * 2`, `20%..60% step 10%`. */
  readonly value = this.RULE('value', () => {
    this.SUBRULE(this.sum);
    this.OPTION(() => {
      this.CONSUME(t.To);
      this.SUBRULE1(this.sum);
      this.OPTION1(() => {
        this.CONSUME(t.Step);
        this.SUBRULE2(this.sum);
      });
    });
  });

  readonly sum = this.RULE('sum', () => {
    this.SUBRULE(this.product);
    this.MANY(() => {
      this.CONSUME(t.AddSign);
      this.SUBRULE1(this.product);
    });
  });

  readonly product = this.RULE('product', () => {
    this.SUBRULE(this.atom);
    this.MANY(() => {
      this.CONSUME(t.TimesSign);
      this.SUBRULE1(this.atom);
    });
  });

  readonly atom = this.RULE('atom', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Quantity) },
      { ALT: () => this.CONSUME(t.Dims) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.Pattern) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.word) },
    ]);
  });

  readonly word = this.RULE('word', () => {
    this.CONSUME(t.Word);
    this.OPTION(() => this.SUBRULE(this.call));
  });

  readonly list = this.RULE('list', () => {
    this.CONSUME(t.ListOpen);
    this.OPTION(() => {
      this.SUBRULE(this.value);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.OPTION1(() => this.SUBRULE1(this.value));
      });
    });
    this.CONSUME(t.ListClose);
  });

  readonly group = this.RULE('group', () => {
    this.CONSUME(t.ParenOpen);
    this.SUBRULE(this.value);
    this.CONSUME(t.ParenClose);
  });

  readonly name = this.RULE('name', () => {
    this.OR([{ ALT: () => this.CONSUME(t.Word) }, { ALT: () => this.CONSUME(t.Text) }]);
  });

  /** What is left of a line that no statement can begin with; build-ast reports it once. */
  readonly stray = this.RULE('stray', () => {
    this.AT_LEAST_ONE(() => this.OR([{ ALT: () => this.CONSUME(t.NotWord) }, { ALT: () => this.CONSUME(t.Word) }]));
  });
}
