using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

/// <summary>The description is whole: a route that is added must say of itself what the others say.</summary>
public sealed class DescriptionTests(DescribedApi api) : IClassFixture<DescribedApi>
{
    /// <summary>Open, and says 401 of its own: what it takes is a credential.</summary>
    private const string Token = "/token";

    /// <summary>Open, and yet they ask for a proof.</summary>
    private static readonly string[] Proved = [Token, "/webhooks/github", "/webhooks/bitbucket", "/webhooks/gitlab"];

    private static readonly string[] Open = ["/health", "/livez", "/readyz", "/api/info", .. Proved];

    [Fact]
    public void The_committed_description_is_current() =>
        File.ReadAllText(Path.Combine(RepositoryFolder.Path, ApiDocumentFile.Place))
            .ShouldBe(
                System.Text.Encoding.UTF8.GetString(api.Text),
                $"It is stale. Run: dotnet run --project src/VClusterManager.Server -- {ApiDocumentFile.Verb} {ApiDocumentFile.Place}"
            );

    [Fact]
    public async Task The_description_is_the_same_each_time()
    {
        DescribedApi again = new();
        await again.InitializeAsync();

        again.Text.ShouldBe(api.Text);
    }

    [Fact]
    public void The_whole_says_what_it_is_where_it_is_and_how_to_get_in()
    {
        var info = api.Document["info"]!;
        info["description"]!.GetValue<string>().ShouldContain("X-API-Key");
        info["license"]!["name"]!.GetValue<string>().ShouldBe("Apache-2.0");
        api.Document["servers"]!.AsArray().Single()!["url"]!.GetValue<string>().ShouldBe("/");
        var tags = api.Document["tags"]!.AsArray().ToDictionary(t => t!["name"]!.GetValue<string>(), t => t!);
        tags.Values.ShouldAllBe(tag => tag["description"] != null);
        api.Operations.SelectMany(o => o.Node["tags"]!.AsArray().Select(t => t!.GetValue<string>()))
            .Distinct()
            .ShouldBe(tags.Keys, ignoreOrder: true);
    }

    [Fact]
    public void Every_operation_says_what_it_does() =>
        api
            .Operations.Where(o =>
                o.Node["operationId"] is null || o.Node["summary"] is null || o.Node["description"] is null
            )
            .Select(o => o.ToString())
            .ShouldBeEmpty("WithName gives the id, summary and remarks of the handler the words");

    [Fact]
    public void No_two_operations_have_the_same_id() =>
        api.Operations.Select(o => o.Node["operationId"]!.GetValue<string>()).ShouldBeUnique();

    [Fact]
    public void Every_parameter_is_explained_and_has_a_type() =>
        api
            .Operations.SelectMany(o => o.Parameters.Select(p => (Operation: o, Parameter: p)))
            .Where(p =>
                p.Parameter["description"] is null
                || p.Parameter["schema"]?["type"] is null
                || (p.Parameter["in"]!.GetValue<string>() == "path" && p.Parameter["required"] is null)
            )
            .Select(p => $"{p.Operation}: {p.Parameter["name"]}")
            .ShouldBeEmpty("Takes(new DescribedParameter(...)) explains it");

    [Fact]
    public void Every_body_and_every_answer_has_an_example()
    {
        var bodies = api.Operations.Select(o => (What: $"{o}", Body: o.Node["requestBody"]));
        var answers = api.Operations.SelectMany(o =>
            o.Answers.Select(a => (What: $"{o} {a.Status}", Body: (JsonNode?)api.Resolve(a.Answer)))
        );
        bodies
            .Concat(answers)
            .Where(b => (b.Body?["content"] as JsonObject ?? []).Any(c => c.Value!["example"] is null))
            .Select(b => b.What)
            .ShouldBeEmpty("TakesBody and Answers give examples");
    }

    [Fact]
    public void Every_answer_is_explained() =>
        api
            .Operations.SelectMany(o => o.Answers.Select(a => (Operation: o, a.Status, a.Answer)))
            .Where(a =>
                api.Resolve(a.Answer)["description"]!.GetValue<string>() is "" or "OK" or "Accepted" or "Created"
            )
            .Select(a => $"{a.Operation} {a.Status}")
            .ShouldBeEmpty();

    [Fact]
    public void Open_routes_need_nothing_and_all_others_a_credential()
    {
        foreach (var operation in api.Operations)
        {
            operation.IsSecured.ShouldBe(!Open.Contains(operation.Path), operation.ToString());
            operation
                .Statuses.Contains(401)
                .ShouldBe(operation.IsSecured || Proved.Contains(operation.Path), operation.ToString());
            operation.Statuses.Contains(403).ShouldBe(operation.IsSecured, operation.ToString());
        }
    }

    [Fact]
    public void Errors_are_problems_and_those_that_pass_say_when()
    {
        foreach (var operation in api.Operations)
        {
            operation.Statuses.ShouldContain(500, operation.ToString());
            foreach (var (status, answer) in operation.Answers.Where(a => a.Status >= 400))
            {
                var content = api.Resolve(answer)["content"]!;
                // The probe for load balancers answers in its own words.
                if (operation.Path == "/readyz" && status == 503)
                {
                    continue;
                }

                content["application/problem+json"].ShouldNotBeNull($"{operation} {status}");
                (api.Resolve(answer)["headers"]?["Retry-After"] is not null).ShouldBe(status is 429 or 503);
                content["application/problem+json"]!["example"]!["status"]!.GetValue<int>().ShouldBe(status);
            }
        }
    }

    [Fact]
    public void A_body_can_be_malformed_too_large_and_of_another_kind()
    {
        foreach (var operation in api.Operations)
        {
            foreach (var status in (int[])[400, 413, 415])
            {
                operation.Statuses.Contains(status).ShouldBe(operation.Node["requestBody"] is not null, $"{operation}");
            }
        }
    }

    [Fact]
    public void Too_much_can_be_sent_to_all_but_the_probes()
    {
        string[] probes = ["/health", "/livez", "/readyz"];
        foreach (var operation in api.Operations)
        {
            operation.Statuses.Contains(429).ShouldBe(!probes.Contains(operation.Path), operation.ToString());
        }
    }

    [Fact]
    public void What_is_found_by_name_may_not_be_there() =>
        api
            .Operations.Where(o => o.Path.Contains('{', StringComparison.Ordinal) && !o.Statuses.Contains(404))
            .Select(o => o.ToString())
            .ShouldBeEmpty();

    [Fact]
    public void The_bounds_of_requests_are_those_that_are_checked()
    {
        var create = api.Document["components"]!["schemas"]!["ClusterCreate"]!["properties"]!;

        create["name"]!["maxLength"]!.GetValue<int>().ShouldBe(ClusterName.MaxLength);
        create["ttl_hours"]!["minimum"]!.GetValue<int>().ShouldBe(ClusterAdmission.MinTtlHours);
        create["ttl_hours"]!["maximum"]!.GetValue<int>().ShouldBe(ClusterAdmission.MaxTtlHours);
    }

    [Fact]
    public async Task The_verb_writes_the_description_and_starts_nothing()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("vcm-openapi-").FullName, "openapi.json");
        try
        {
            using StringWriter output = new();
            var code = await ApiDocumentFile.RunAsync(
                [file],
                () => ServerBuilder.Build(Server.Configuration.ConfigurationLoader.Defaults()),
                output,
                TextWriter.Null
            );

            code.ShouldBe(0);
            output.ToString().Trim().ShouldBe(file);
            (await File.ReadAllBytesAsync(file)).ShouldBe(api.Text);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("one", "two")]
    public async Task The_verb_says_how_it_is_called(params string[] args)
    {
        using StringWriter error = new();
        var code = await ApiDocumentFile.RunAsync(args, () => throw new InvalidOperationException(), error, error);

        code.ShouldBe(2);
        error.ToString().ShouldContain("usage:");
    }
}
