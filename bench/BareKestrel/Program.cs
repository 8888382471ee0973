using System.Net;
using BareKestrel;
using Yarp.ReverseProxy.Forwarder;

// Kestrel and nothing else, as the measure for what the manager adds: every request gets the same bytes.
//   BareKestrel PORT [FILE TYPE]
//   BareKestrel PORT proxy URL CERTIFICATES TLSPORT TLSFILES
// GET /events holds the connection open; POST /publish sends its body to all that are held.
var port = int.Parse(args[0]);
var (bytes, type) = args is [_, var file, var given] ? (File.ReadAllBytes(file), given) : ([], "text/plain");
var broadcast = new Broadcast();

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
if (args is [_, "proxy", _, _, var tlsPort, var tlsFiles])
{
    builder.Services.AddHttpForwarder();
    builder
        .WebHost.UseKestrelHttpsConfiguration()
        .ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                int.Parse(tlsPort),
                listen => listen.UseHttps(BareProxy.Certificate(tlsFiles))
            )
        );
}

await using var app = builder.Build();
if (args is [_, "proxy", var destination, var certificates, ..])
{
    app.Run(BareProxy.To(app.Services.GetRequiredService<IHttpForwarder>(), destination, certificates));
    await app.RunAsync();
    return;
}

app.Run(http =>
    http.Request.Path.Value switch
    {
        "/events" => broadcast.FollowAsync(http),
        "/publish" => broadcast.PublishAsync(http),
        _ => AnswerAsync(http),
    }
);
await app.RunAsync();

Task AnswerAsync(HttpContext http)
{
    http.Response.ContentType = type;
    http.Response.ContentLength = bytes.Length;
    return http.Response.Body.WriteAsync(bytes).AsTask();
}
