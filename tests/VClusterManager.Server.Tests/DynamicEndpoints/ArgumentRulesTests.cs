using Shouldly;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>What is refused when the file is read, whatever callers would send.</summary>
public sealed class ArgumentRulesTests
{
    private const string Text = "\nparameters: { x: { required: true } }";
    private const string Few =
        "\nparameters: { x: { required: true }, few: { type: list, items: enum, enum: ['-'], required: true } }";
    private const string Optional = "\nparameters: { a: { args: ['{a}'] }, b: { args: ['{b}'] } }";
    private const string Enum = "\nparameters: { x: { type: enum, enum: [json, yaml], required: true } }";

    [Theory]
    [InlineData("--kubeconfig=/x")]
    [InlineData("--kubeconfig")]
    [InlineData("--token=x")]
    [InlineData("--server=https://x")]
    [InlineData("-s")]
    [InlineData("-shttps://x")]
    [InlineData("-s=https://x")]
    [InlineData("-As")]
    [InlineData("--as=root")]
    [InlineData("--as-group=x")]
    [InlineData("--as_group=x")]
    [InlineData("--context=x")]
    [InlineData("--cluster=x")]
    [InlineData("--user=x")]
    [InlineData("--username=x")]
    [InlineData("--password=x")]
    [InlineData("--certificate-authority=/x")]
    [InlineData("--client-key=/x")]
    [InlineData("--client_certificate=/x")]
    [InlineData("--insecure-skip-tls-verify")]
    [InlineData("--insecure_skip_tls_verify=true")]
    [InlineData("--tls-server-name=x")]
    [InlineData("--kuberc=/x")]
    [InlineData("--cache-dir=/x")]
    [InlineData("--profile-output=/x")]
    [InlineData("-v=9")]
    [InlineData("-v9")]
    [InlineData("--v=9")]
    public void Flags_that_change_who_asks_whom_are_refused(string flag)
    {
        Refuses($"args: [get, pods, \"{flag}\"]", "args[2]");
        Refuses(
            "args: [get, pods]\nparameters: { x: { type: boolean, args: [\"" + flag + "\"] } }",
            "parameters.x.args[0]"
        );
    }

    [Theory]
    [InlineData("kubectl", "exec")]
    [InlineData("kubectl", "port-forward")]
    [InlineData("kubectl", "proxy")]
    [InlineData("kubectl", "edit")]
    [InlineData("kubectl", "attach")]
    [InlineData("kubectl", "debug")]
    [InlineData("kubectl", "cp")]
    [InlineData("kubectl", "config")]
    [InlineData("kubectl", "plugin")]
    [InlineData("kubectl", "some-plugin")]
    [InlineData("kubectl", "GET")]
    [InlineData("vcluster", "connect")]
    [InlineData("vcluster", "platform")]
    [InlineData("vcluster", "login")]
    [InlineData("dump", "exec")]
    public void Verbs_that_open_a_session_or_are_not_known_are_refused(string command, string verb) =>
        Refuses($"command: {command}\nmethod: POST\nargs: [{verb}, x]", "args[0]");

    [Theory]
    [InlineData("args: [--namespace=x, get, pods]", "args[0]")]
    [InlineData("args: ['{x}', pods]" + Enum, "args[0]")]
    [InlineData("args: [-n, x, exec]", "args[0]")]
    public void The_verb_comes_first_and_from_the_operator(string fields, string key) => Refuses(fields, key);

    [Theory]
    [InlineData("args: [get, pods, '-n{x}']" + Text, "args[2]")]
    [InlineData("args: [get, pods, '--{x}']" + Text, "args[2]")]
    [InlineData("args: [get, pods, '--{x}=y']" + Text, "args[2]")]
    [InlineData("args: [get, pods, '--output={x}']" + Text, "args[2]")]
    [InlineData("args: [get, pods, -o, '{x}']" + Text, "args[3]")]
    [InlineData("args: [get, '--filename={x}']" + Text, "args[1]")]
    [InlineData("args: [get, -f, '{x}']" + Text, "args[2]")]
    [InlineData("args: [get, -k, '{x}']" + Text, "args[2]")]
    [InlineData("args: [get, '--raw=/api/{x}']" + Text, "args[1]")]
    [InlineData("args: [get, --raw, '{x}']" + Text, "args[2]")]
    [InlineData("args: [get, pods, '-{x}']" + Text, "args[2]")]
    [InlineData("args: [get, pods, -wo, '{x}']" + Text, "args[3]")]
    [InlineData("args: [get, -Rf, '{x}']" + Text, "args[2]")]
    [InlineData("method: POST\nargs: [create, configmap, y, --from_file, '{x}']" + Text, "args[4]")]
    [InlineData("args: [get, --filename, '{few}', '{x}']" + Few, "args[3]")]
    [InlineData("args: [get, --filename]" + Optional, "parameters.b.args[0]")]
    [InlineData("args: [get, pods, -l, --, '{x}']" + Text, "args[3]")]
    [InlineData(
        "args: [get, '{x}']\nparameters: { x: { required: true }, f: { type: boolean, args: [--filename] }, b: { args: ['{b}'] } }",
        "parameters.b.args[0]"
    )]
    [InlineData(
        "args: [get, pods, --, '{x}']\nparameters: { x: { required: true }, l: { type: list, args: [--selector, '{l}'] } }",
        "args[2]"
    )]
    [InlineData("args: [get, pods, --selector, --, '{x}']" + Text, "args[3]")]
    [InlineData("args: [get, pods, -A, '--all', --, '{x}']" + Text, "args[4]")]
    [InlineData(
        "command: vcluster\nmethod: POST\nargs: [create, x, --connect=false, '--restore={x}']" + Text,
        "args[3]"
    )]
    [InlineData("method: POST\nargs: [create, configmap, y, '--from-file={x}']" + Text, "args[3]")]
    [InlineData("method: POST\nargs: [create, configmap, y, '--from_file={x}']" + Text, "args[3]")]
    public void A_value_cannot_be_a_flag_nor_name_a_file_of_the_server(string fields, string key) =>
        Refuses(fields, key);

    [Theory]
    [InlineData("method: POST\nargs: [apply, '{x}']" + Text, "args[1]")]
    [InlineData("method: POST\nargs: [apply, --namespace=y, '{x}']" + Text, "args[2]")]
    [InlineData("method: POST\nargs: [apply, edit-last-applied]", "args[1]")]
    [InlineData("method: POST\nargs: [run, x, --image=y, -it]", "args[3]")]
    [InlineData("method: POST\nargs: [run, x, --image=y, --attach]", "args[3]")]
    [InlineData("method: POST\nargs: [create, --edit, '--filename=-']", "args[1]")]
    [InlineData("method: POST\nargs: [create, '--edit=true', '--filename=-']", "args[1]")]
    [InlineData("method: POST\ncommand: vcluster\nargs: [create, x, --connect=false, --connect]", "args[3]")]
    [InlineData(
        "method: POST\ncommand: vcluster\nargs: [create, x, --connect=false, '--connect={x}']" + Enum,
        "args[3]"
    )]
    [InlineData("method: POST\ncommand: vcluster\nargs: [create, x]", "args[0]")]
    [InlineData("method: POST\ncommand: vcluster\nargs: [delete, x]", "args[0]")]
    [InlineData("command: vcluster\nargs: [list]\ntarget: cluster", "target")]
    public void What_a_verb_could_become_is_refused(string fields, string key) => Refuses(fields, key);

    [Theory]
    [InlineData("args: [delete, pods]")]
    [InlineData("args: [apply, '--filename=-']")]
    [InlineData("args: [rollout, restart, deployment/x]")]
    [InlineData("args: [rollout]")]
    [InlineData("args: [auth, reconcile]")]
    [InlineData(
        "args: [rollout]\nparameters: { a: { type: boolean, args: [status] }, b: { type: boolean, args: [restart] } }"
    )]
    [InlineData("command: vcluster\nargs: [pause, x]")]
    public void A_GET_changes_nothing(string fields)
    {
        Refuses(fields, "method");
        EndpointFiles.Errors(EndpointFiles.With(fields + "\nmethod: POST")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("args: [get, pods, -A, -ojson]")]
    [InlineData(
        "args: [get, '--raw=/api/v1/namespaces/{x}/pods']\nparameters: { x: { type: k8s-name, required: true } }"
    )]
    [InlineData("args: [get, pods, -nkube-system, -o, json]")]
    [InlineData("args: [logs, -f, '{x}']" + Text)]
    [InlineData("args: [get, pods, '--output={x}']" + Enum)]
    [InlineData("args: [get, pods, -o, '{x}']" + Enum)]
    [InlineData("args: [get, pods, --namespace, '{x}']" + Text)]
    [InlineData("args: [get, '{x}', '--output=jsonpath={{.items[*].metadata.name}}']" + Text)]
    [InlineData("args: [rollout, status, 'deployment/{x}']" + Text)]
    [InlineData("args: [rollout, status, '{x}']" + Text)]
    [InlineData("args: [get, pods, --, '--token']")]
    [InlineData("args: [get, pods, --all=true, --, '{x}']" + Text)]
    [InlineData(
        "args: [logs, --, '{x}']\nparameters: { x: { required: true }, f: { type: boolean, args: [--follow] } }"
    )]
    [InlineData("args: [logs, --, '{x}']\nparameters: { x: { required: true }, c: { args: [--container, '{c}'] } }")]
    [InlineData("args: [get, --filename=-]")]
    [InlineData("command: dump\nargs: [x, '--s={x}']" + Text)]
    [InlineData("command: vcluster\nargs: [list, -s, --output, json]")]
    [InlineData("command: vcluster\nmethod: POST\nargs: [create, x, --connect=false]")]
    [InlineData("command: vcluster\nmethod: POST\nargs: [delete, x, --delete-context=false]")]
    [InlineData("command: dump\nargs: ['{x}']" + Text)]
    public void What_is_safe_is_taken(string fields) =>
        EndpointFiles.Errors(EndpointFiles.With(fields)).ShouldBeEmpty();

    [Theory]
    [InlineData("args: [get, pods, '--namespace={ns}']", null)]
    [InlineData("args: [get, pods, '--namespace={ns}', -A]", "-A")]
    [InlineData("args: [get, pods, '--namespace={ns}', --all-namespaces]", "--all-namespaces")]
    [InlineData("args: [get, pods, '--namespace={ns}', --all_namespaces]", "--all_namespaces")]
    [InlineData("args: [get, pods, '--namespace={ns}', -Aojson]", "-Aojson")]
    [InlineData("args: [get, pods, '--namespace={ns}', --namespace=other]", "--namespace=other")]
    [InlineData("args: [get, pods, '--namespace={ns}', -nother]", "-nother")]
    [InlineData("args: [get, '--raw=/x', '--namespace={ns}']", "--raw=/x")]
    [InlineData("args: [get, pods, --namespace, '{ns}']", "must hold")]
    [InlineData("args: [get, pods, --, '--namespace={ns}']", "must hold")]
    [InlineData("args: [get, '{kind}', '--namespace={ns}']", "written out")]
    [InlineData("command: dump\nargs: [get, '--namespace={ns}']", "kubectl")]
    [InlineData("args: [get, pods, --selector, '--namespace={ns}']", "for the value of --selector")]
    [InlineData("args: [get, --output, json, '{kind}', '--namespace={ns}']", "written out")]
    [InlineData("args: [get, 'pods,{kind}', '--namespace={ns}']", "written out")]
    [InlineData("args: [get, 'pods,nodes', '--namespace={ns}']", "nodes is in no namespace")]
    [InlineData("args: [get, namespaces, '--namespace={ns}']", "namespaces is in no namespace")]
    [InlineData("args: [get, no/x, '--namespace={ns}']", "no is in no namespace")]
    [InlineData("args: [get, ClusterRoles.rbac.authorization.k8s.io, '--namespace={ns}']", "in no namespace")]
    [InlineData("args: [get, 'pod/{kind}', '--namespace={ns}']", null)]
    [InlineData("args: [get, 'pod/{kind}', 'node/{kind}', '--namespace={ns}']", "node is in no namespace")]
    [InlineData("args: [get, 'pod/{kind}', '{kind}', '--namespace={ns}']", "could name another kind")]
    [InlineData("args: [get, 'pod/{kind}', '--namespace={ns}', --, '{kind}']", "could name another kind")]
    [InlineData("args: [get, pods, '{kind}', '--namespace={ns}', '--output=json']", null)]
    [InlineData("args: [wait, '--for=delete', 'node/{kind}', '--namespace={ns}']", "written out")]
    [InlineData("args: [logs, -f, '{kind}', '--namespace={ns}']", null)]
    [InlineData("args: [rollout, status, '{kind}', '--namespace={ns}']", null)]
    [InlineData("args: [top, node, '--namespace={ns}']", "top must stand one of pod")]
    [InlineData("args: [cluster-info, dump, '--namespace={ns}']", "does not keep to a namespace")]
    [InlineData("method: POST\nargs: [drain, '{kind}', '--namespace={ns}']", "does not keep to a namespace")]
    [InlineData("method: POST\nargs: [certificate, approve, x, '--namespace={ns}']", "does not keep to a namespace")]
    [InlineData("method: POST\nargs: [create, namespace, '{kind}', '--namespace={ns}']", "create must stand one of")]
    [InlineData("method: POST\nargs: [create, secret, generic, '{kind}', '--namespace={ns}']", null)]
    [InlineData(
        "method: POST\nargs: [set, subject, clusterrolebinding, x, '--namespace={ns}']",
        "set must stand one of"
    )]
    [InlineData("method: POST\nargs: [label, node, '{kind}', a=b, '--namespace={ns}']", "node is in no namespace")]
    [InlineData("method: POST\nstdin: body\nargs: [apply, '--filename=-', '--namespace={ns}']", "reaches beyond")]
    [InlineData("method: POST\nstdin: body\nargs: [replace, -f, '-', '--namespace={ns}']", "what callers send")]
    public void An_endpoint_for_bound_callers_stays_in_its_namespace(string fields, string? wrong)
    {
        var kind = fields.Contains("{kind}", StringComparison.Ordinal) ? ", kind: { required: true }" : "";
        var errors = EndpointFiles.Errors(
            EndpointFiles.With(
                fields + "\nbound_by: ns\nparameters: { ns: { type: k8s-name, required: true }" + kind + " }"
            )
        );

        if (wrong is null)
        {
            errors.ShouldBeEmpty();
        }
        else
        {
            errors.ShouldContain(e => e.Key == "endpoints[0].bound_by" && e.Message.Contains(wrong));
        }
    }

    private static void Refuses(string fields, string key) =>
        EndpointFiles.Errors(EndpointFiles.With(fields)).Select(e => e.Key).ShouldContain($"endpoints[0].{key}");
}
