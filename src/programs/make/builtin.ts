import type { Make, PatternRule } from './state';

/** Of default.c: the rules and variables for languages that somebody on these machines may use. */
const variables = `AR=ar
ARFLAGS=rv
AS=as
CC=cc
CXX=g++
CPP=$(CC) -E
LD=ld
RM=rm -f
MAKE_COMMAND=make
MAKE=$(MAKE_COMMAND)
OUTPUT_OPTION=-o $@
COMPILE.c=$(CC) $(CFLAGS) $(CPPFLAGS) $(TARGET_ARCH) -c
COMPILE.cc=$(CXX) $(CXXFLAGS) $(CPPFLAGS) $(TARGET_ARCH) -c
COMPILE.cpp=$(COMPILE.cc)
COMPILE.C=$(COMPILE.cc)
COMPILE.s=$(AS) $(ASFLAGS) $(TARGET_MACH)
LINK.o=$(CC) $(LDFLAGS) $(TARGET_ARCH)
LINK.c=$(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(TARGET_ARCH)
LINK.cc=$(CXX) $(CXXFLAGS) $(CPPFLAGS) $(LDFLAGS) $(TARGET_ARCH)
LINK.cpp=$(LINK.cc)
LINK.C=$(LINK.cc)
YACC=yacc
LEX=lex
@D=$(patsubst %/,%,$(dir $@))
@F=$(notdir $@)
<D=$(patsubst %/,%,$(dir $<))
<F=$(notdir $<)
^D=$(patsubst %/,%,$(dir $^))
^F=$(notdir $^)
?D=$(patsubst %/,%,$(dir $?))
?F=$(notdir $?)
*D=$(patsubst %/,%,$(dir $*))
*F=$(notdir $*)
+D=$(patsubst %/,%,$(dir $+))
+F=$(notdir $+)`;

/** pattern: prerequisite: recipe */
const rules: readonly (readonly [string, string, ...string[]])[] = [
  ['%', '%.o', '$(LINK.o) $^ $(LOADLIBES) $(LDLIBS) -o $@'],
  ['%', '%.c', '$(LINK.c) $^ $(LOADLIBES) $(LDLIBS) -o $@'],
  ['%', '%.cc', '$(LINK.cc) $^ $(LOADLIBES) $(LDLIBS) -o $@'],
  ['%', '%.C', '$(LINK.C) $^ $(LOADLIBES) $(LDLIBS) -o $@'],
  ['%', '%.cpp', '$(LINK.cpp) $^ $(LOADLIBES) $(LDLIBS) -o $@'],
  ['%', '%.sh', 'cat $< >$@ ', 'chmod a+x $@'],
  ['%.o', '%.c', '$(COMPILE.c) $(OUTPUT_OPTION) $<'],
  ['%.o', '%.cc', '$(COMPILE.cc) $(OUTPUT_OPTION) $<'],
  ['%.o', '%.C', '$(COMPILE.C) $(OUTPUT_OPTION) $<'],
  ['%.o', '%.cpp', '$(COMPILE.cpp) $(OUTPUT_OPTION) $<'],
  ['%.o', '%.s', '$(COMPILE.s) -o $@ $<'],
  ['%.out', '%', '@rm -f $@ ', 'cp $< $@'],
  ['%.c', '%.w', '$(CTANGLE) $< - $@'],
];

/** What make knows by itself. */
export function addBuiltins(make: Make): void {
  const { globals, flags } = make;
  globals.set('SHELL', '/bin/sh', 'default');
  globals.set('.SHELLFLAGS', '-c', 'default');
  globals.set('MAKE_VERSION', '4.3', 'default');
  globals.set('MAKE_HOST', 'x86_64-pc-linux-gnu', 'default');
  globals.set(
    '.FEATURES',
    'target-specific order-only else-if shortest-stem undefine oneshell nocomment grouped-target',
    'default',
  );
  globals.set('SUFFIXES', '', 'default');
  for (const line of variables.split('\n')) {
    const equals = line.indexOf('=');
    const name = line.slice(0, equals);
    const always = name.startsWith('MAKE') || /^.[DF]$/.test(name);
    if (flags.noBuiltinVariables && !always) continue;
    globals.set(name, line.slice(equals + 1), /^.[DF]$/.test(name) ? 'automatic' : 'default', true);
  }
  if (flags.noBuiltinRules) return;
  make.suffixes.push(
    ...'.out .a .ln .o .c .cc .C .cpp .p .f .F .m .r .y .l .s .S .mod .sym .def .h .info .dvi .tex .texinfo .texi .txinfo .w .ch .web .sh .elc .el'.split(
      ' ',
    ),
  );
  for (const [target, dependency, ...lines] of rules) make.patterns.push(rule(target, dependency, lines));
}

function rule(target: string, dependency: string, lines: readonly string[]): PatternRule {
  return {
    targets: [target],
    dependencies: [{ name: dependency, orderOnly: false }],
    recipe: { place: undefined, lines },
    terminal: false,
  };
}
