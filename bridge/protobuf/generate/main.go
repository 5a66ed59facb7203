// Writes ../tables.json: field numbers, JSON names and types of everything that a client may send as protobuf.
// Run `go run . > ../tables.json` here after a change of the Kubernetes version in go.mod.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	aggregator "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// Types whose JSON is not that of a struct.
var special = map[reflect.Type]string{
	reflect.TypeOf(resource.Quantity{}):                          "quantity",
	reflect.TypeOf(intstr.IntOrString{}):                         "intOrString",
	reflect.TypeOf(metav1.Time{}):                                "time",
	reflect.TypeOf(metav1.MicroTime{}):                           "microTime",
	reflect.TypeOf(metav1.Duration{}):                            "duration",
	reflect.TypeOf(metav1.FieldsV1{}):                            "raw",
	reflect.TypeOf(runtime.RawExtension{}):                       "raw",
	reflect.TypeOf(apiextensions.JSON{}):                         "raw",
	reflect.TypeOf(apiextensions.JSONSchemaPropsOrArray{}):       "schemaOrArray",
	reflect.TypeOf(apiextensions.JSONSchemaPropsOrBool{}):        "schemaOrBool",
	reflect.TypeOf(apiextensions.JSONSchemaPropsOrStringArray{}): "schemaOrStrings",
}

var types = map[string]map[string]string{}

func main() {
	s := scheme.Scheme
	must(apiextensions.AddToScheme(s))
	must(aggregator.AddToScheme(s))
	kinds := map[string]string{}
	for gvk, t := range s.AllKnownTypes() {
		version := gvk.Version
		if version == runtime.APIVersionInternal || strings.Contains(version, "alpha") || strings.Contains(version, "beta") {
			continue
		}
		if strings.HasPrefix(t.PkgPath(), "k8s.io/apimachinery") {
			continue // the options of every group: found by kind alone
		}
		kinds[gvk.GroupVersion().String()+" "+gvk.Kind] = describe(t)
	}
	for _, t := range []any{metav1.DeleteOptions{}, metav1.CreateOptions{}, metav1.UpdateOptions{}, metav1.PatchOptions{}} {
		kinds[reflect.TypeOf(t).Name()] = describe(reflect.TypeOf(t))
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	out.SetEscapeHTML(false)
	must(out.Encode(map[string]any{"kinds": kinds, "types": types}))
}

// The name under which a struct's fields are written down.
func describe(t reflect.Type) string {
	parts := strings.Split(t.PkgPath(), "/")
	name := strings.Join(parts[max(0, len(parts)-2):], ".") + "." + t.Name()
	if _, known := types[name]; known {
		return name
	}
	table := map[string]string{}
	types[name] = table
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("protobuf"), ",")
		if len(tag) < 2 {
			continue
		}
		jsonTag := strings.Split(f.Tag.Get("json"), ",")
		flags := ""
		pointer := f.Type.Kind() == reflect.Pointer
		for _, option := range jsonTag[1:] {
			switch {
			case option == "inline":
				flags += "i"
			case option == "omitempty" && !pointer:
				flags += "o"
			}
		}
		if jsonTag[0] == "" && !strings.Contains(flags, "i") {
			flags += "i"
		}
		text := jsonTag[0] + " " + typeOf(f.Type)
		if flags != "" {
			text += " " + flags
		}
		table[tag[1]] = text
	}
	return name
}

func typeOf(t reflect.Type) string {
	if name, ok := special[t]; ok {
		return name
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32, reflect.Int64, reflect.Int, reflect.Uint8, reflect.Uint32, reflect.Uint64:
		return "int"
	case reflect.Float64:
		return "double"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		if _, message := reflect.PointerTo(t).MethodByName("ProtoMessage"); message {
			return "items"
		}
		return "[]" + typeOf(t.Elem())
	case reflect.Map:
		return "{}" + typeOf(t.Elem())
	case reflect.Struct:
		return describe(t)
	}
	panic(t.String())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
