using CsCheck;
using Microsoft.Extensions.Logging;
using Shouldly;
using VClusterManager.Server.Tests.Http;
using VClusterManager.Server.Tests.Identity.Tokens;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

/// <summary>Whatever strangers send is answered as theirs: never with a 500, and never by letting them in.</summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private ProbeServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await ProbeServer.StartAsync(
            yaml: "server: {limits: {anonymous_per_second: 10000, logins_per_minute: 1000}}",
            auth: $$"""
              jwt: {secret_key: {{Jwt.Secret}}, audience: here}
              oidc:
                - name: actions
                  issuer: https://127.0.0.1:1
                  audience: here
                  rules: [{claims: {sub: '*'}, role: admin}]
            """
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Whatever_a_token_is_made_of_it_is_401()
    {
        var word = Gen.OneOf(
            Gen.Const("{}"),
            Gen.Const("[]"),
            Gen.Const("null"),
            Gen.Const("{\"alg\":\"HS256\"}"),
            Gen.Const("{\"alg\":\"none\"}"),
            Gen.Const("{\"alg\":{}}"),
            Gen.Const("{\"alg\":\"HS256\",\"alg\":\"none\"}"),
            Gen.Const("{\"alg\":\"HS256\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}"),
            Gen.Const("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}"),
            Gen.Const("{\"alg\":\"HS256\",\"kid\":\"../../etc/passwd\",\"jku\":\"http://127.0.0.1:1/\"}"),
            Gen.Const("{\"sub\":\"a\",\"scope\":\"admin\",\"exp\":1900000000,\"aud\":\"here\"}"),
            Gen.Const("{\"sub\":[{}],\"exp\":{},\"aud\":[1,null],\"nbf\":[]}"),
            Gen.Const("{\"exp\":99999999999999999999999}"),
            Gen.Const("{\"a\":" + new string('[', 300)),
            Gen.String[Gen.Char['\u0020', '\u00ff'], 0, 60]
        );
        var parts = Gen.Select(
            word,
            word,
            Gen.Byte.Array[0, 64],
            (head, claims, signature) => Jwt.Signed(head, claims, _ => signature)
        );
        var text = Gen.OneOf(
            parts,
            parts.Select(token => token + ".x.y"),
            parts.Select(token => token.Replace('.', '=')),
            Gen.String[Gen.Char["ey.JA_-=+/"], 1, 80]
        );

        await text.SampleAsync(
            async token =>
            {
                var status = await RawHttp.StatusAsync(_server.Address, $"Authorization: Bearer {token}");
                status.ShouldBeOneOf(400, 401);
            },
            iter: 400,
            threads: 2
        );
        _server.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Tokens_that_were_signed_well_and_then_changed_let_nobody_in()
    {
        var good = Jwt.Hmac(
            new
            {
                sub = "root",
                scope = "admin",
                aud = "here",
                exp = Jwt.Seconds(ProbeServer.Start.AddHours(1)),
            }
        );
        (await RawHttp.StatusAsync(_server.Address, $"Authorization: Bearer {good}")).ShouldBe(200);
        // The last character of a part may hold bits that count for nothing: those are left alone.
        var ends = new[] { good.IndexOf('.') - 1, good.LastIndexOf('.') - 1, good.Length - 1 };
        var changed = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char["ABCxyz019-_."])
            .Where(change => good[change.Item1] != change.Item2 && !ends.Contains(change.Item1))
            .Select(change => good[..change.Item1] + change.Item2 + good[(change.Item1 + 1)..]);

        await changed.SampleAsync(
            async token =>
                (await RawHttp.StatusAsync(_server.Address, $"Authorization: Bearer {token}")).ShouldBeOneOf(400, 401),
            iter: 300,
            threads: 2
        );
        _server.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Whatever_is_sent_for_a_token_is_the_senders_fault()
    {
        var body = Gen.OneOf(
            Gen.String[Gen.Char["username=password&%+;[]{}\":,\\ \r\nu0"], 0, 60],
            Gen.String[Gen.Char['\u0001', '\u00ff'], 0, 60],
            Gen.Const("username=a&password=" + new string('x', 5_000)),
            Gen.Const("username=%00&password=%ff"),
            Gen.Const("{\"username\":\"\\ud800\",\"password\":\"x\"}"),
            Gen.Const("--x\r\nContent-Disposition: form-data; name=username\r\n\r\na\r\n--x--")
        );
        var kind = Gen.OneOf(
            Gen.Const("application/x-www-form-urlencoded"),
            Gen.Const("application/json"),
            Gen.Const("application/json; charset=utf-16"),
            Gen.Const("multipart/form-data; boundary=x"),
            Gen.Const("multipart/form-data"),
            Gen.Const("text/plain"),
            Gen.Const("")
        );

        await Gen.Select(body, kind)
            .SampleAsync(
                async sent =>
                {
                    using ByteArrayContent content = new(System.Text.Encoding.Latin1.GetBytes(sent.Item1));
                    content.Headers.TryAddWithoutValidation("Content-Type", sent.Item2);
                    using var answer = await _server.Client.PostAsync(new Uri("/token", UriKind.Relative), content);
                    ((int)answer.StatusCode).ShouldBeInRange(400, 499);
                },
                iter: 300,
                threads: 2
            );
        _server.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }
}
