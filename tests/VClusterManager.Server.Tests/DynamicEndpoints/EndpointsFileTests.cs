using Shouldly;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

public sealed class EndpointsFileTests
{
    [Fact]
    public void The_shipped_file_is_valid_and_every_endpoint_and_parameter_is_explained()
    {
        var endpoints = EndpointFiles.Read(File.ReadAllText(Shipped));

        endpoints.ShouldContain(e => e.Method == "GET" && e.Path == "/namespaces/{namespace}/pods");
        endpoints.ShouldAllBe(e => e.Description.Length > 20);
        endpoints.SelectMany(e => e.Parameters).ShouldAllBe(p => p.Description.Length > 5);
        endpoints
            .Where(e =>
                e.Target == EndpointTarget.Host
                && e.Path.StartsWith("/namespaces/{namespace}/", StringComparison.Ordinal)
            )
            .Where(e => e.Command == "kubectl")
            .ShouldAllBe(e => e.BoundBy == "namespace");
    }

    [Fact]
    public void What_is_not_said_is_closed_or_small()
    {
        var endpoint = EndpointFiles.One(EndpointFiles.With(""));

        (endpoint.Method, endpoint.Role, endpoint.Target, endpoint.Output).ShouldBe(
            ("GET", Role.Admin, EndpointTarget.Host, EndpointOutput.Text)
        );
        (endpoint.Timeout, endpoint.MaxOutput, endpoint.Concurrency).ShouldBe((TimeSpan.FromSeconds(30), 1 << 20, 4));
        (endpoint.Cache, endpoint.Rate, endpoint.BoundBy).ShouldBe((null, null, null));
    }

    [Fact]
    public void A_file_may_have_no_endpoints() => EndpointFiles.Read("endpoints: []\n").ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("endpoints:\n")]
    [InlineData("{}\n")]
    public void A_file_that_is_not_written_yet_is_not_one_without_endpoints(string yaml) =>
        EndpointFiles.Errors(yaml).ShouldHaveSingleItem().Message.ShouldContain("endpoints: []");

    [Theory]
    [InlineData("a)|(?:b")]
    [InlineData("(?<x>a")]
    [InlineData("(?=a)")]
    public void A_pattern_cannot_end_what_holds_it_to_the_whole_text(string pattern) =>
        EndpointFiles
            .Errors(
                EndpointFiles.With(
                    $"args: [get, '{{x}}']\nparameters: {{ x: {{ required: true, pattern: '{pattern}' }} }}"
                )
            )
            .ShouldHaveSingleItem()
            .Key.ShouldBe("endpoints[0].parameters.x.pattern");

    [Fact]
    public void All_that_is_wrong_is_said_at_once_with_line_and_key()
    {
        const string Yaml = """
            endpoints:
              - name: Bad Name
                path: no-slash
                command: bash
                args: [-c, "{cmd}"]
                timeout: soon
                colour: red
              - name: two
                description: Two.
                path: /two/{x}
                command: kubectl
                args: [exec, "--token=x", "{y}"]
                parameters:
                  x: { in: path, type: uuid }
                  z: { in: query }
            other: 1
            """;

        EndpointFiles
            .Errors(Yaml)
            .Select(e => (e.Line, e.Key))
            .ShouldBe(
                [
                    (2, "endpoints[0].description"),
                    (2, "endpoints[0].name"),
                    (3, "endpoints[0].path"),
                    (4, "endpoints[0].command"),
                    (5, "endpoints[0].args[1]"),
                    (6, "endpoints[0].timeout"),
                    (7, "endpoints[0].colour"),
                    (12, "endpoints[1].args[0]"),
                    (12, "endpoints[1].args[1]"),
                    (12, "endpoints[1].args[2]"),
                    (14, "endpoints[1].parameters.x.type"),
                    (14, "endpoints[1].parameters.x"),
                    (15, "endpoints[1].parameters.z"),
                    (16, "other"),
                ],
                ignoreOrder: true
            );
    }

    [Theory]
    // The whole.
    [InlineData("[1, 2]", "")]
    [InlineData("endpoints: 5", "endpoints")]
    [InlineData("endpoints: [x]", "endpoints[0]")]
    [InlineData("a: &x 1", "")]
    [InlineData("endpoints:\n\t- x", "")]
    public void A_file_of_another_shape_is_refused(string yaml, string key) =>
        EndpointFiles.Errors(yaml).ShouldContain(e => e.Key == key && e.Line != null);

    [Theory]
    [InlineData("method: FETCH", "method")]
    [InlineData("role: root", "role")]
    [InlineData("target: moon", "target")]
    [InlineData("output: xml", "output")]
    [InlineData("timeout: 0s", "timeout")]
    [InlineData("timeout: 2h", "timeout")]
    [InlineData("cache: 5", "cache")]
    [InlineData("method: POST\ncache: 5s", "cache")]
    [InlineData("output: stream\ncache: 5s", "cache")]
    [InlineData("max_output: 1GiB", "max_output")]
    [InlineData("max_output: 65MiB", "max_output")]
    [InlineData("concurrency: 0", "concurrency")]
    [InlineData("rate: fast", "rate")]
    [InlineData("rate: 0/s", "rate")]
    [InlineData("path: /", "path")]
    [InlineData("path: /a/", "path")]
    [InlineData("path: /a//b", "path")]
    [InlineData("path: /../b", "path")]
    [InlineData("path: /{x}", "path")]
    [InlineData("path: /a{b}", "path")]
    [InlineData("path: '/{*x}'", "path")]
    [InlineData("path: '/{x:int}'", "path")]
    [InlineData("args: [get, '{x}']", "args[1]")]
    [InlineData("args: [get, '{']", "args[1]")]
    [InlineData("args: [get, '}']", "args[1]")]
    [InlineData("args: [get, \"a\\0b\"]", "args[1]")]
    [InlineData("args: [get, '']", "args[1]")]
    [InlineData("args: [get, [x]]", "args[1]")]
    [InlineData("args: []", "args")]
    [InlineData("args: get pods", "args")]
    [InlineData("stdin: '{x}'", "stdin")]
    [InlineData("stdin: body", "method")]
    [InlineData("target: cluster", "target")]
    [InlineData("bound_by: namespace", "bound_by")]
    [InlineData("parameters: { X: {} }", "parameters.X")]
    [InlineData("parameters: { x: {} }", "parameters.x")]
    [InlineData("parameters: { x: 5 }", "parameters.x")]
    [InlineData("parameters: [ { in: query } ]", "parameters[0].name")]
    [InlineData("args: [get, '{x}']\nparameters: { x: {} }", "args[1]")]
    [InlineData("args: [get, '{x}']\nparameters: { x: { required: true, pattern: '(?=a)' } }", "parameters.x.pattern")]
    [InlineData("args: [get, '{x}']\nparameters: { x: { required: true, pattern: '(' } }", "parameters.x.pattern")]
    [InlineData("args: [get, '{x}']\nparameters: { x: { type: enum, required: true } }", "parameters.x.enum")]
    [InlineData("args: [get, '{x}']\nparameters: { x: { type: integer, default: a } }", "parameters.x.default")]
    [InlineData(
        "args: [get, '{x}']\nparameters: { x: { type: integer, min: 5, max: 1, default: 3 } }",
        "parameters.x.min"
    )]
    [InlineData("args: [get, '{x}']\nparameters: { x: { min: 1, default: a } }", "parameters.x.min")]
    [InlineData("args: [get, '{x}']\nparameters: { x: { in: path, required: true } }", "parameters.x")]
    [InlineData("args: [get, '{x}']\nparameters: { x: { in: body, required: true } }", "method")]
    [InlineData("args: [get, pods]\nparameters: { x: { args: ['--', '{x}'] } }", "parameters.x.args[0]")]
    [InlineData(
        "args: [get, '{x}{y}']\nparameters: { x: { type: list, required: true }, y: { type: list, required: true } }",
        "args[1]"
    )]
    public void A_field_that_breaks_a_rule_is_named(string fields, string key) =>
        EndpointFiles.Errors(EndpointFiles.With(fields)).Select(e => e.Key).ShouldContain($"endpoints[0].{key}");

    [Theory]
    [InlineData("path: /a", "path: /A", false)]
    [InlineData(
        "path: '/a/{x}'\nargs: [get, '{x}']\nparameters: { x: { in: path } }",
        "path: '/a/{y}'\nargs: [get, '{y}']\nparameters: { y: { in: path } }",
        false
    )]
    [InlineData("path: /a", "path: /a\nmethod: POST", true)]
    [InlineData("path: /a/b", "path: '/a/{y}'\nargs: [get, '{y}']\nparameters: { y: { in: path } }", true)]
    public void Two_endpoints_cannot_meet_the_same_requests(string one, string other, bool possible)
    {
        var yaml =
            EndpointFiles.With(one)
            + EndpointFiles.With("name: two\n" + other).Replace("endpoints:\n", "", StringComparison.Ordinal);

        EndpointFiles.Errors(yaml).Select(e => e.Key).ShouldBe(possible ? [] : ["endpoints[1].path"]);
    }

    [Fact]
    public void Names_are_unique() =>
        EndpointFiles
            .Errors(
                EndpointFiles.With("path: /a")
                    + EndpointFiles.With("path: /b").Replace("endpoints:\n", "", StringComparison.Ordinal)
            )
            .ShouldHaveSingleItem()
            .Key.ShouldBe("endpoints[1].name");

    [Fact]
    public void Parameters_are_a_map_or_a_list_and_their_arguments_come_before_the_dashes()
    {
        var map = EndpointFiles.One(
            EndpointFiles.With(
                """
                args: [get, pods, --, "{a}"]
                parameters:
                  a: { required: true }
                  b: { args: ["--b={b}"] }
                """
            )
        );
        var list = EndpointFiles.One(
            EndpointFiles.With(
                """
                args: [get, pods, --, "{a}"]
                parameters:
                  - { name: a, required: true }
                  - { name: b, args: ["--b={b}"] }
                """
            )
        );

        foreach (var endpoint in new[] { map, list })
        {
            endpoint.Parameters.Select(p => p.Name).ShouldBe(["a", "b"]);
            endpoint.Arguments.Select(a => a.Template.Written).ShouldBe(["get", "pods", "--b={b}", "--", "{a}"]);
            endpoint.Arguments.Select(a => a.IsBehindDashes).ShouldBe([false, false, false, false, true]);
        }
    }

    [Fact]
    public void What_is_written_in_another_way_is_the_same_and_what_means_something_else_is_not()
    {
        string Of(string fields) => EndpointFiles.One(EndpointFiles.With(fields)).Fingerprint;

        Of("# a comment\ncache: 5s").ShouldBe(Of("cache: 5s"));
        Of("cache: 5s").ShouldNotBe(Of("cache: 6s"));
        Of("args: [get, \"1e3\"]").ShouldNotBe(Of("args: [get, 1e3]"));
        Of("args: [get, 1e3]").ShouldNotBe(Of("args: [get, 1000]"));
    }

    internal static string Shipped { get; } = Path.Combine(RepositoryFolder.Path, "config", "endpoints.yaml");
}
