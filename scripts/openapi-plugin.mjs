import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `import { packages } from 'virtual:kubernetes-openapi'`: the API types of Kubernetes 1.33 with their texts,
 * one module a Go package, each loaded when it is asked for. They are read from the declarations that kubernetes-models
 * ships (made from the server's OpenAPI v3), which nothing else of ours imports. What a Quantity is, it does not tell:
 * that comes from kubernetes-types. `virtual:kubernetes-openapi/fingerprint` changes when any of it does.
 */
const here = dirname(fileURLToPath(import.meta.url));
const modules = join(dirname(here), 'node_modules');
const models = join(modules, 'kubernetes-models');
const machinery = join(modules, '@kubernetes-models/apimachinery');
const types = join(modules, 'kubernetes-types');
const name = 'virtual:kubernetes-openapi';

/** Folders whose Go packages are not k8s.io/api's. */
const elsewhere = {
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
};

/** Go packages by name: where their declarations are. Only what is stable is served. */
function foldersOfPackages() {
  const folders = {
    'io.k8s.apimachinery.pkg.apis.meta.v1': join(machinery, 'apis/meta/v1'),
    'io.k8s.apimachinery.pkg.api.resource': join(machinery, 'api/resource'), // names only
    'io.k8s.apimachinery.pkg.runtime': join(machinery, 'runtime'),
    'io.k8s.apimachinery.pkg.util.intstr': join(machinery, 'util/intstr'),
    'io.k8s.api.core.v1': join(models, 'v1'),
  };
  for (const group of readdirSync(models)) {
    for (const version of ['v1', 'v2']) {
      const folder = join(models, group, version);
      if (!existsSync(folder)) continue;
      const [first] = group.split('.');
      folders[`${elsewhere[group] ?? `io.k8s.api.${first}`}.${version}`] = folder;
    }
  }
  return folders;
}

const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** What everything read depends on: the packages' versions and this file. */
const fingerprint = () =>
  createHash('sha256')
    .update([models, machinery, types].map(versionOf).join(' '))
    .update(readFileSync(fileURLToPath(import.meta.url), 'utf8'))
    .digest('hex')
    .slice(0, 16);

/** A comment as it was written: without stars and the tag that TypeScript needs, and with what would have ended it. */
const textOf = (comment) =>
  comment
    .slice(3, -2)
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replace(/\n@deprecated$/, '')
    .replace(/\\([*/])/g, '$1');

class Reader {
  constructor(ts, folders) {
    this.ts = ts;
    this.packages = new Map(Object.entries(folders).map(([name, folder]) => [folder, name]));
  }

  /** `{ PodSpec: [text, { affinity: [text, type, required?, enum?] }] }`, or a type that is no object: `[text, scalar]`. */
  package(folder) {
    const types = {};
    for (const file of readdirSync(folder).sort())
      if (file.endsWith('.d.ts') && file !== 'index.d.ts') this.#file(join(folder, file), types);
    return types;
  }

  #file(path, types) {
    const { ts } = this;
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
    this.imported = new Map();
    this.own = new Map();
    for (const node of source.statements) {
      if (ts.isImportDeclaration(node)) {
        const full = this.#fullName(node.moduleSpecifier.text, path);
        for (const { name } of node.importClause?.namedBindings?.elements ?? []) this.imported.set(name.text, full);
      } else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
        this.own.set(node.name.text, this.#fullName(`./${node.name.text.slice(1)}`, path));
      }
    }
    for (const node of source.statements) {
      if (ts.isInterfaceDeclaration(node)) {
        const fields = {};
        for (const member of node.members) if (ts.isPropertySignature(member)) this.#field(member, fields);
        types[node.name.text.slice(1)] = [this.#text(node), fields];
      } else if (ts.isTypeAliasDeclaration(node) && !ts.isTypeReferenceNode(node.type)) {
        types[node.name.text.slice(1)] = [this.#text(node), this.#type(node.type)];
      }
    }
  }

  /** The text of one type of kubernetes-types. */
  textOfType(path, name) {
    const { ts } = this;
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
    return this.#text(source.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === name));
  }

  #text(node) {
    const comment = node.jsDoc?.at(-1);
    return comment === undefined ? '' : textOf(comment.getText());
  }

  #field(member, fields) {
    const { ts } = this;
    const key = member.name.text;
    const values = this.#values(member.type);
    const constant = (key === 'apiVersion' || key === 'kind') && values?.length === 1;
    const field = [this.#text(member), values === undefined ? this.#type(member.type) : 'string'];
    const ofElements = ts.isTypeReferenceNode(member.type) ? this.#values(member.type.typeArguments?.[0]) : undefined;
    const listed = constant ? undefined : (values ?? ofElements);
    const required = member.questionToken === undefined && !constant;
    if (required || listed !== undefined) field.push(required ? 1 : 0);
    if (listed !== undefined) field.push(listed);
    fields[key] = field;
  }

  /** Of `"A" | "B"`. */
  #values(type) {
    const { ts } = this;
    if (type === undefined) return undefined;
    const parts = ts.isUnionTypeNode(type) ? type.types : [type];
    return parts.every((part) => ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal))
      ? parts.map((part) => part.literal.text)
      : undefined;
  }

  /** `string`, `[]` or `{}` before the type of elements, the full name of another type. */
  #type(type) {
    const { ts } = this;
    if (type.kind === ts.SyntaxKind.StringKeyword) return 'string';
    if (type.kind === ts.SyntaxKind.NumberKeyword) return 'number';
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return 'boolean';
    if (this.#values(type) !== undefined) return 'string';
    if (ts.isUnionTypeNode(type)) return type.types.map((part) => this.#type(part)).join('|');
    if (ts.isTypeLiteralNode(type)) {
      const [index] = type.members;
      if (index !== undefined && ts.isIndexSignatureDeclaration(index)) return `{}${this.#type(index.type)}`;
      // A whole object within another is written out; it is the one that has this spec.
      const spec = type.members.find((member) => member.name?.text === 'spec');
      return spec === undefined ? 'object' : this.#type(spec.type).replace(/Spec$/, '');
    }
    if (!ts.isTypeReferenceNode(type)) return 'any';
    const name = type.typeName.getText();
    if (name === 'Array') return `[]${this.#type(type.typeArguments[0])}`;
    return this.imported.get(name) ?? this.own.get(name) ?? 'any';
  }

  #fullName(specifier, from) {
    const target = specifier.startsWith('.') ? resolve(dirname(from), specifier) : join(modules, specifier);
    const folder = dirname(target);
    const known = this.packages.get(folder);
    return known === undefined ? 'any' : `${known}.${relative(folder, target)}`;
  }
}

let loaded;

/** Everything, from the cache where nothing has changed. */
async function everything() {
  const folder = join(modules, '.cache/bottleship');
  const path = join(folder, `openapi-${fingerprint()}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const { default: ts } = await import('typescript');
  const folders = foldersOfPackages();
  const reader = new Reader(ts, folders);
  const packages = {};
  for (const [each, place] of Object.entries(folders)) packages[each] = reader.package(place);
  packages['io.k8s.apimachinery.pkg.api.resource'].Quantity[0] = reader.textOfType(
    join(types, 'api/resource.d.ts'),
    'Quantity',
  );
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(packages));
  renameSync(draft, path);
  return packages;
}

export function openapiTypes() {
  return {
    name: 'bottleship-openapi',
    resolveId: (id) => (id === name || id.startsWith(`${name}/`) ? `\0${id}` : null),
    async load(id) {
      if (!id.startsWith(`\0${name}`)) return null;
      const wanted = posix.relative(`\0${name}`, id);
      if (wanted === '') {
        const names = Object.keys(foldersOfPackages()).sort();
        const entries = names.map(
          (each) => `${JSON.stringify(each)}: () => import(${JSON.stringify(`${name}/${each}`)})`,
        );
        const code = `export const packages = {\n${entries.join(',\n')}\n};\n`;
        return { code, moduleType: 'js' };
      }
      if (wanted === 'fingerprint')
        return { code: `export const fingerprint = ${JSON.stringify(fingerprint())};\n`, moduleType: 'js' };
      loaded ??= everything();
      const found = (await loaded)[wanted];
      if (found === undefined) throw new Error(`there is no Go package ${wanted} in kubernetes-models`);
      // A string is parsed faster than an object of that size.
      return { code: `export const types = JSON.parse(${JSON.stringify(JSON.stringify(found))});\n`, moduleType: 'js' };
    },
  };
}
