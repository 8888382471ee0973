using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

/// <summary>Credentials are written down nowhere, wherever callers put them, also where everything else is logged.</summary>
public sealed class SecretTests(SecretTests.TalkativeHost host) : IClassFixture<SecretTests.TalkativeHost>
{
    private const string Mark = "s3cr3t-0123456789-s3cr3t";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Requests =>
        new()
        {
            { "GET", "/api/clusters" },
            { "GET", "/api/clusters/demo" },
            { "GET", "/nowhere" },
            { "POST", "/api/clusters" },
            { "POST", "/token" },
            { "PATCH", "/api/clusters/demo" },
            { "DELETE", "/api/clusters/demo" },
        };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task No_line_of_the_log_and_no_entry_of_the_audit_holds_a_credential(string method, string path)
    {
        host.Log.Lines.Clear();
        foreach (var content in Bodies())
        {
            using HttpClient http = new() { BaseAddress = host.Address };
            using HttpRequestMessage request = new(
                new HttpMethod(method),
                $"{path}?access_token={Mark}&api_key={Mark}&token={Mark}&password={Mark}"
            )
            {
                Content = method == "GET" ? null : content,
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Mark);
            request.Headers.Add("Cookie", $"session={Mark}");
            request.Headers.Add("X-Forwarded-For", Mark);
            request.Headers.Add("Idempotency-Key", Mark);
            (await http.SendAsync(request, Cancellation)).IsSuccessStatusCode.ShouldBeFalse();

            // The same by somebody who is known, and whose own key is a secret as well.
            using HttpRequestMessage known = new(new HttpMethod(method), $"{path}?access_token={Mark}&token={Mark}");
            known.Headers.Add("X-API-Key", ManagerHost.KeyOf("admin"));
            known.Headers.Add("Cookie", $"session={Mark}");
            known.Content =
                method == "GET"
                    ? null
                    : new StringContent($"{{\"password\":\"{Mark}\"}}", Encoding.UTF8, "application/json");
            await http.SendAsync(known, Cancellation);
        }
        (await host.Admin.GetAsync("/api/audit")).ShouldBe(200).Text.ShouldNotContain(Mark);

        var lines = host.Log.Lines.Select(line => line.Text).ToList();
        lines.Count.ShouldBeGreaterThan(10, "nothing was logged, so nothing was tested");
        lines.ShouldNotContain(line => line.Contains(Mark) || line.Contains(ManagerHost.KeyOf("admin")));
        var rows = await host.Stores.ReadAsync(store => store.Audit.AsNoTracking().ToListAsync(Cancellation));
        rows.ShouldNotBeEmpty();
        JsonSerializer.Serialize(rows).ShouldNotContain(Mark);
    }

    private static IEnumerable<HttpContent> Bodies() =>
        [
            new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "anna", ["password"] = Mark }),
            new StringContent(
                JsonSerializer.Serialize(new { username = "anna", password = Mark }),
                Encoding.UTF8,
                "application/json"
            ),
        ];

    /// <summary>It logs all that it can.</summary>
    public sealed class TalkativeHost : ManagerHost
    {
        private protected override ManagerOptions Configure(ManagerOptions options) =>
            options with
            {
                Server = options.Server with { Debug = true },
            };
    }
}
