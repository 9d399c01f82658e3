// Holds the pods of a stream of manifests against the restricted profile of Kubernetes, by the code with
// which the API server does. It prints a line for each pod, and exits with 1 when one is refused.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// workload is any kind that has a template of pods: Deployment, DaemonSet, StatefulSet, Job.
type workload struct {
	Kind     string            `json:"kind"`
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Template *corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

func main() {
	refused, err := check(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if refused > 0 {
		os.Exit(1)
	}
}

// check reads manifests to their end and returns how many pods were refused.
func check(manifests io.Reader, out io.Writer) (int, error) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return 0, err
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	refused := 0
	for decoder := yaml.NewYAMLOrJSONDecoder(manifests, 4096); ; {
		var each workload
		if err := decoder.Decode(&each); errors.Is(err, io.EOF) {
			return refused, nil
		} else if err != nil {
			return refused, err
		}
		if each.Spec.Template == nil {
			continue
		}
		pod := each.Spec.Template
		result := policy.AggregateCheckResults(
			evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec))
		if !result.Allowed {
			refused++
		}
		fmt.Fprintf(out, "%s %s: allowed=%t %s\n",
			each.Kind, each.Metadata.Name, result.Allowed, result.ForbiddenDetail())
	}
}
